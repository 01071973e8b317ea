package messengers_test

import (
	"testing"

	"keypull/web/messengers"
)

func TestPlatformsReachPublicAddressesByHTTPSAlone(t *testing.T) {
	for url, want := range map[string]bool{
		"https://news.example.org": true, "https://news.example.org:8443/": true, "https://203.0.113.7": true, "https://[2001:db8::1]": true,
		"http://news.example.org": false, "http://127.0.0.1:8080": false, "https://127.0.0.1": false, "https://localhost:8080": false,
		"https://192.168.1.4": false, "https://10.1.2.3": false, "https://100.64.3.1": false, "https://[::1]": false, "https://[fd00::1]": false,
		"https://169.254.1.1": false, "https://newsroom": false, "https://press.local": false, "https://box.home.arpa": false, "": false, "::": false,
	} {
		if got := messengers.Reachable(url); got != want {
			t.Errorf("%q: %v", url, got)
		}
	}
}
