package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"keypull/web/messengers"
)

// The headers of Discord's proof, in canonical form.
const (
	stampHeader = "X-Signature-Timestamp"
	proofHeader = "X-Signature-Ed25519"
)

// window is for how long before or after its moment a signed delivery is
// believed.
const window = 5 * time.Minute

// refuse is the status by which a delivery is turned away; 0 where it is
// Discord's. Discord tries false signatures itself, and takes the address away
// of who believes one.
func refuse(key ed25519.PublicKey, d messengers.Delivery) int {
	switch {
	case d.Path != "":
		return http.StatusNotFound
	case d.Method != "" && d.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case !trusts(key, d):
		return http.StatusUnauthorized
	}
	return 0
}

// trusts verifies a delivery over its raw bytes. Without a key nobody is
// trusted.
func trusts(key ed25519.PublicKey, d messengers.Delivery) bool {
	stamps, proofs := d.Header[stampHeader], d.Header[proofHeader]
	if len(key) != ed25519.PublicKeySize || len(stamps) != 1 || len(proofs) != 1 {
		return false
	}
	seconds, err := strconv.ParseInt(stamps[0], 10, 64)
	if err != nil || d.At.Sub(time.Unix(seconds, 0)).Abs() > window {
		return false
	}
	proof, err := hex.DecodeString(proofs[0])
	return err == nil && len(proof) == ed25519.SignatureSize && ed25519.Verify(key, append([]byte(stamps[0]), d.Body...), proof)
}
