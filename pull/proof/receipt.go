package proof

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// SignReceipt returns a document as a JSON Web Signature (RFC 7515, RFC 8037) that any library
// verifies by the public keys. No text of a Statement reads as one, nor the other way round.
func SignReceipt(key ed25519.PrivateKey, of any) (string, error) {
	head, err := json.Marshal(map[string]string{"alg": "EdDSA", "typ": "keypull-receipt+jws", "kid": KeyID(key.Public().(ed25519.PublicKey))}) //nolint:forcetypeassert // it is that of Ed25519
	if err != nil {
		return "", fmt.Errorf("write a receipt: %w", err)
	}
	said, err := json.Marshal(of)
	if err != nil {
		return "", fmt.Errorf("write a receipt: %w", err)
	}
	signed := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(said)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(signed))), nil
}
