package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"time"

	"keypull/web/messengers"
)

// The headers of Discord's proof, in canonical form.
const (
	stampHeader = "X-Signature-Timestamp"
	proofHeader = "X-Signature-Ed25519"
)

// window is for how long before or after its moment a signed delivery is
// believed. Discord tries false signatures itself, and takes the address away of who
// believes one.
const window = 5 * time.Minute

// trusts verifies a delivery over its raw bytes. Without a key nobody is
// trusted.
func trusts(key ed25519.PublicKey, d messengers.Delivery) bool {
	proofs := d.Header[proofHeader]
	if len(key) != ed25519.PublicKeySize || len(proofs) != 1 || !d.Stamped(stampHeader, window) {
		return false
	}
	proof, err := hex.DecodeString(proofs[0])
	return err == nil && len(proof) == ed25519.SignatureSize && ed25519.Verify(key, append([]byte(d.Header[stampHeader][0]), d.Body...), proof)
}
