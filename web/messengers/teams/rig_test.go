package teams_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"keypull/web/messengers/messengertest"
)

const (
	appID   = "11111111-2222-3333-4444-555555555555"
	secret  = "client-secret_0123456789"
	tenant  = "99999999-8888-7777-6666-555555555555"
	service = "https://smba.trafficmanager.net/emea/"
)

// signingKey is the connector's in these tests, otherKey nobody's.
var (
	signingKey = sync.OnceValue(newKey)
	otherKey   = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

// published returns one key of the connector's document.
func published(id string, k *rsa.PrivateKey, endorsements ...string) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]any{"kty": "RSA", "use": "sig", "kid": id, "x5t": id, "endorsements": endorsements,
		"n": encode(k.N.Bytes()), "e": encode(big.NewInt(int64(k.E)).Bytes())}
}

// publisher serves the connector's document and its keys.
type publisher struct{ url string }

func publish(t testing.TB, keys ...map[string]any) publisher {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/keys" {
			_ = json.NewEncoder(w).Encode(map[string]any{"keys": keys})
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": "https://api.botframework.com", "jwks_uri": "http://" + r.Host + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	}))
	t.Cleanup(server.Close)
	return publisher{server.URL + "/v1/.well-known/openidconfiguration"}
}

// genuine returns what the connector's token says: it is of the suite's moment alone.
func genuine() map[string]any {
	now := messengertest.Now().Unix()
	return map[string]any{"iss": "https://api.botframework.com", "aud": appID, "serviceurl": service, "nbf": now, "exp": now}
}

// with returns the claims of genuine with others laid over them; nil takes one away.
func with(set map[string]any) map[string]any {
	c := genuine()
	maps.Copy(c, set)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// token signs claims as the connector does.
func token(header, claims map[string]any, k *rsa.PrivateKey) string {
	part := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	signed := part(header) + "." + part(claims)
	sum := sha256.Sum256([]byte(signed))
	by, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(by)
}

func rs256(kid string) map[string]any {
	return map[string]any{"alg": "RS256", "typ": "JWT", "kid": kid}
}

// good is the token of most deliveries.
var good = sync.OnceValue(func() string { return "Bearer " + token(rs256("k1"), genuine(), signingKey()) })

// later returns a moment after the suite's.
func later(d time.Duration) int64 { return messengertest.Now().Add(d).Unix() }
