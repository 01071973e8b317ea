package web_test

import (
	"context"
	"strings"
	"testing"

	"keypull/web"
)

// smuggled is what a proxy that reads a head otherwise would take for a part
// of the first request's body, or for its own next one.
const smuggled = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

func TestARequestThatCanBeReadInTwoWaysIsRefusedAndEndsTheConnection(t *testing.T) {
	address := serve(t, web.Options{})
	for name, head := range map[string]string{
		"length and chunked":               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"chunked and length":               "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		"length and chunked by other case": "content-length: 5\r\ntRANSFER-eNCODING: CHUNKED\r\n\r\n0\r\n\r\n",
		"two lengths":                      "Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde",
		"twice the same length":            "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
		"a list of lengths":                "Content-Length: 5, 5\r\n\r\nabcde",
		"two encodings":                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"an unknown encoding":              "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"identity":                         "Transfer-Encoding: identity\r\n\r\n",
		"identity and length":              "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nabcde",
		"a list of encodings":              "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"an empty encoding":                "Transfer-Encoding:\r\n\r\n",
		"a space before the colon":         "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"a tab before the colon":           "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
		"a vertical tab in the encoding":   "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
		"a quoted encoding":                "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
		"a folded encoding":                "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
		"a folded length":                  "Content-Length:\r\n\t5\r\n\r\nabcde",
		"an encoding folded to another":    "X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nabcde",
		"a line that is folded":            "X-A: b\r\n c\r\nContent-Length: 5\r\n\r\nabcde",
		"a folded first line":              " Content-Length: 5\r\n\r\nabcde",
		"a bare line feed":                 "X-A: b\nContent-Length: 5\r\n\r\nabcde",
		"a bare carriage return":           "X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nabcde",
		"a sign":                           "Content-Length: +5\r\n\r\nabcde",
		"a minus":                          "Content-Length: -5\r\n\r\nabcde",
		"a hex length":                     "Content-Length: 0x5\r\n\r\nabcde",
		"a space within":                   "Content-Length: 5 0\r\n\r\nabcde",
		"an empty length":                  "Content-Length:\r\n\r\nabcde",
		"a length without end":             "Content-Length: 99999999999999999999999\r\n\r\nabcde",
		"a chunk of no size":               "Transfer-Encoding: chunked\r\n\r\n;a=b\r\n\r\n",
		"a chunk with a sign":              "Transfer-Encoding: chunked\r\n\r\n+5\r\nabcde\r\n0\r\n\r\n",
		"a chunk in hex notation":          "Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n",
		"a chunk longer than told":         "Transfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n",
		"a line feed in an extension":      "Transfer-Encoding: chunked\r\n\r\n5;a\nabcde\r\n0\r\n\r\n",
		"a chunk of many digits":           "Transfer-Encoding: chunked\r\n\r\n00000000000000000005\r\nabcde\r\n0\r\n\r\n",
		"a length in the trailer":          "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\nContent-Length: 5\r\n\r\n",
		"two hosts":                        "Host: b\r\nContent-Length: 5\r\n\r\nabcde",
		"expected and misframed":           "Expect: 100-continue\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
	} {
		for _, path := range []string{"/console/x", "/hook/a/b", "/api"} {
			t.Run(name+path, func(t *testing.T) {
				got := say(t, address, "POST "+path+" HTTP/1.1\r\nHost: a\r\n"+head+smuggled)
				if !strings.HasPrefix(got, "HTTP/1.1 400 ") || strings.Count(got, "HTTP/1.1 ") != 1 || strings.Contains(got, "ok\n") {
					t.Errorf("got %q", got)
				}
			})
		}
	}
	t.Run("chunked by HTTP/1.0", func(t *testing.T) {
		got := say(t, address, "POST /console/x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+smuggled)
		if !strings.Contains(got, " 400 ") || strings.Count(got, "HTTP/1.1 ") != 1 {
			t.Errorf("got %q", got)
		}
	})
}

func TestWhatCanBeReadInOneWayIsServed(t *testing.T) {
	address := serve(t, web.Options{})
	const last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	for name, head := range map[string]string{
		"a length":           "Content-Length: 5\r\n\r\nabcde",
		"chunked":            "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
		"chunked in capital": "transfer-encoding: Chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
		"an extension":       "Transfer-Encoding: chunked\r\n\r\n5;name=value\r\nabcde\r\n0\r\n\r\n",
		"space around":       "Content-Length: \t 5 \r\n\r\nabcde",
		"expected":           "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde",
	} {
		for _, method := range []string{"POST", "PUT", "GET", "DELETE", "OPTIONS", "PATCH"} {
			t.Run(method+" "+name, func(t *testing.T) {
				got := say(t, address, method+" /console/x HTTP/1.1\r\nHost: a\r\n"+head+last)
				if !strings.Contains(got, "body <abcde>") || !strings.HasSuffix(got, "ok\n") || strings.Count(got, "HTTP/1.1 200 ") != 2 {
					t.Errorf("got %q", got)
				}
			})
		}
	}
}

func TestBrowsersComeByHTTPSAloneWhereThatIsThePublicWay(t *testing.T) {
	ready := func(context.Context, web.Visibility) (any, bool) { return struct{}{}, false }
	for public, want := range map[string]bool{"https://pull.example.org": true, "HTTPS://pull.example.org": true, "http://pull.example.org": false, "": false} {
		address := serve(t, web.Options{PublicURL: public, Ready: ready, Home: "/console"})
		for _, head := range []string{
			"GET /healthz HTTP/1.1\r\nHost: a\r\n", "GET /readyz HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
			"GET /nothing HTTP/1.1\r\nHost: a\r\n", "GET /console HTTP/1.1\r\nHost: a\r\n", "POST /chat/a/b/messages HTTP/1.1\r\nHost: a\r\n",
			"OPTIONS /chat/a/b/messages HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\n", "POST /hook/a/b HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n",
			"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n",
			"GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 9<<10) + "\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n",
		} {
			got := say(t, address, head+"Connection: close\r\n\r\n")
			if told := strings.Contains(got, "Strict-Transport-Security: max-age=31536000\r\n"); told != want {
				t.Errorf("%s: %.40q: %.300q", public, head, got)
			}
		}
	}
}
