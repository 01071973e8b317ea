// A matcher for keypull: go run matcher.go, with KEYPULL_SECRET and LISTEN in the environment. Its model is the list
// below: a message means the keyword whose wordings share most runs of three letters with it. It needs no network.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"
	"time"
)

// wordings are what readers write who mean a keyword, by its id: in small letters, without "please send me".
var wordings = map[string][]string{
	"weather": {"rain", "storm", "sunshine", "umbrella", "will it rain tomorrow", "how warm is it outside", "can i hang out the washing"},
	"tides":   {"high water", "low water", "the sea", "when can we walk to the island", "swim at the beach", "mudflats"},
}

// runs counts a text's runs of three letters.
func runs(text string) map[string]float64 {
	counts := map[string]float64{}
	letters := []rune(" " + text + " ")
	for i := range len(letters) - 2 {
		counts[string(letters[i:i+3])]++
	}
	return counts
}

// shared tells how much two texts have in common.
func shared(a, b map[string]float64) (sum float64) {
	for run, n := range a {
		sum += n * b[run]
	}
	return sum
}

// likeness is the cosine of the angle between two texts: 1 where they are the same, 0 where they share nothing.
func likeness(a, b map[string]float64) float64 {
	return shared(a, b) / max(1, math.Sqrt(shared(a, a)*shared(b, b)))
}

// signed reports whether a request was made with the secret, within the last five minutes.
func signed(h http.Header, body []byte) bool {
	at, err := strconv.ParseInt(h.Get("Keypull-Timestamp"), 10, 64)
	mac := hmac.New(sha256.New, []byte(os.Getenv("KEYPULL_SECRET")))
	mac.Write([]byte(h.Get("Keypull-Timestamp") + "." + string(body)))
	same := hmac.Equal([]byte(h.Get("Keypull-Signature")), []byte("v1="+hex.EncodeToString(mac.Sum(nil))))
	return same && err == nil && time.Since(time.Unix(at, 0)).Abs() <= 5*time.Minute
}

type scored struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

func answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	var ask struct{ Text string }
	if err != nil || !signed(r.Header, body) || json.Unmarshal(body, &ask) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	keywords := []scored{}
	for id, all := range wordings {
		best := scored{ID: id}
		for _, wording := range all {
			best.Score = max(best.Score, likeness(runs(ask.Text), runs(wording)))
		}
		keywords = append(keywords, best)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"keywords": keywords})
}

func main() {
	server := http.Server{Addr: os.Getenv("LISTEN"), Handler: http.HandlerFunc(answer), ReadHeaderTimeout: 5 * time.Second}
	panic(server.ListenAndServe())
}
