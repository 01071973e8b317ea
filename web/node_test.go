package web_test

import (
	"net/http"
	"strings"
	"testing"

	"keypull/web"
)

// What another node forwards is of the address that it says it came from, and no other's word is taken for
// that. What was meant for another node is left alone.
func TestWhatANodeForwardsIsOfWhoSentIt(t *testing.T) {
	const pass = "the pass of this node"
	address := serve(t, web.Options{Pass: pass})
	ask := func(headers ...string) string {
		return say(t, address, "POST /console HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n"+strings.Join(headers, "\r\n")+"\r\n\r\n")
	}
	for name, tt := range map[string]struct {
		headers []string
		want    string
	}{
		"by its pass":            {[]string{"Keypull-Node: " + pass, "X-Forwarded-For: 203.0.113.9"}, "from 203.0.113.9"},
		"through several":        {[]string{"Keypull-Node: " + pass, "X-Forwarded-For: 192.0.2.1, 203.0.113.9"}, "from 203.0.113.9"},
		"with nothing said":      {[]string{"Keypull-Node: " + pass}, "from 127.0.0.1"},
		"by nobody's pass":       {[]string{"X-Forwarded-For: 203.0.113.9"}, "from 127.0.0.1"},
		"by the pass of another": {[]string{"Keypull-Node: the pass of that node", "X-Forwarded-For: 203.0.113.9"}, "503"},
	} {
		got := ask(tt.headers...)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", name, got)
		}
		if told := strings.Contains(got, "Keypull-Node: "); told != (tt.want == "503") {
			t.Errorf("%s: that another one is meant is told: %v", name, told)
		}
	}
	address = serve(t, web.Options{})
	if got := ask("Keypull-Node: "); strings.Contains(got, "503") {
		t.Errorf("without a pass: %q", got)
	}
	if got := ask("Keypull-Node: x"); !strings.Contains(got, http.StatusText(http.StatusServiceUnavailable)) {
		t.Errorf("with one where there is none: %q", got)
	}
}

// Who asks through another node sees no insides for being on no machine of the service's.
func TestInsidesAreNotForwardedToStrangers(t *testing.T) {
	const pass = "the pass of this node"
	address := serve(t, web.Options{Pass: pass, PublicURL: "http://127.0.0.1:8080", Metrics: func(web.Visibility, string) ([]byte, string, error) {
		return []byte("inside"), "text/plain", nil
	}})
	for from, want := range map[string]bool{"127.0.0.1": true, "203.0.113.9": false} {
		got := say(t, address, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\nKeypull-Node: "+pass+"\r\nX-Forwarded-For: "+from+"\r\n\r\n")
		if strings.Contains(got, "inside") != want {
			t.Errorf("from %s: %q", from, got)
		}
	}
}
