package config

import (
	"strings"
	"testing"

	"keypull/pull/settings"
)

// What two machines of one service were given is the same however it is written and whatever each has
// for itself; what it says else differs.
func TestTheDigestIsOfWhatAConfigurationSays(t *testing.T) {
	const text = `
[server]
listen = "127.0.0.1:8080"
public_url = "https://pull.example.org"
[store]
url = "postgres://keypull:a-password@one/keypull"
[secrets]
key_file = "keypull.key"
[[publisher]]
id = "p"
name = "P"
languages = ["en"]
[[publisher.source]]
id = "s"
kind = "feed"
[publisher.source.settings]
url = "https://example.org/feed.xml"
[[publisher.channel]]
id = "c"
kind = "telegram"
[publisher.channel.settings]
token = "1:a-token"
`
	digest := func(t *testing.T, text string, env map[string]string) string {
		t.Helper()
		c, found := load(t, text, env)
		if found.Errors() > 0 {
			t.Fatal(found)
		}
		got, err := c.Digest(testKinds())
		if again, other := c.Digest(testKinds()); err != nil || other != nil || again != got {
			t.Fatalf("%q and %q, errors %v, %v", got, again, err, other)
		}
		if c.Publishers[0].Channels[0].Settings["token"] == settings.Mask || c.Store.URL == "" {
			t.Error("it changes what it reads")
		}
		return got
	}
	of := digest(t, text, nil)
	unsaid := strings.Replace(text, `public_url = "https://pull.example.org"`, "", 1)
	if digest(t, unsaid, nil) != digest(t, strings.Replace(unsaid, ":8080", ":8081", 1), nil) {
		t.Error("another address that follows from where it listens differs")
	}
	for name, c := range map[string]struct {
		old, new string
		env      map[string]string
		differs  bool
	}{
		"a comment":        {"[server]", "# the one server\n[ server ]", nil, false},
		"another address":  {":8080", ":8081", nil, false},
		"another database": {"a-password@one", "another@two", nil, false},
		"another key file": {"\"keypull.key\"", "\"/mnt/keypull.key\"", nil, false},
		"another secret":   {"1:a-token", "1:another", nil, false},
		"by a variable":    {"https://pull.example.org", "${URL}", map[string]string{"URL": "https://pull.example.org"}, false},
		"another variable": {"https://pull.example.org", "${URL}", map[string]string{"URL": "https://other.example.org"}, true},
		"another setting":  {"feed.xml", "news.xml", nil, true},
		"another name":     {`name = "P"`, `name = "Q"`, nil, true},
		"a table more":     {"[secrets]", "[send]\nkeep = \"1h\"\n[secrets]", nil, true},
		"a publisher more": {"1:a-token\"", "1:a-token\"\n[[publisher]]\nid = \"q\"\nname = \"Q\"\nlanguages = [\"en\"]", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			if c.differs != (digest(t, strings.Replace(text, c.old, c.new, 1), c.env) != of) {
				t.Errorf("differs is not %t", c.differs)
			}
		})
	}
}
