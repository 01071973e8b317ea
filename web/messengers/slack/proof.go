package slack

import (
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

// stampHeader is the moment of a delivery, in canonical form.
const stampHeader = "X-Slack-Request-Timestamp"

// window is for how long before or after its moment a signed delivery is
// believed.
const window = 5 * time.Minute

// trusts verifies a delivery over its raw bytes. Without a secret nobody is
// trusted.
func trusts(signing settings.Secret, d messengers.Delivery) bool {
	proof := messengers.Signature{Header: "X-Slack-Signature", Prefix: "v0=", Secret: signing}
	return d.Stamped(stampHeader, window) && proof.Proves(d, []byte("v0:"+d.Header[stampHeader][0]+":"), d.Body)
}
