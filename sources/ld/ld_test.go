package ld_test

import (
	"encoding/json"
	"strings"
	"testing"

	"keypull/sources/ld"
)

func TestValuesAreReadAsTheyAreFound(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"a script":            {`<script type="application/ld+json">{"a":1}</script>`, `[{"a":1}]`},
		"two, and another":    {`<script>var a</script><script type='application/ld+json'>{"a":1}</script><SCRIPT TYPE=application/ld+json>[2]</SCRIPT>`, `[{"a":1},[2]]`},
		"within a comment":    {`<!-- <script type="application/ld+json">{"a":1}</script> -->`, `null`},
		"within a style":      {`<style>a:after{content:"<script type='application/ld+json'>[1]</script>"}</style><script type="application/ld+json">[2]</script>`, `[[2]]`},
		"JSON itself":         {`{"a":12345678901234567890}`, `[{"a":12345678901234567890}]`},
		"cut off":             {`<script type="application/ld+json">{"a":["b","c</script>`, `[{"a":["b","c…"]}]`},
		"commas and newlines": {"<script type=\"application/ld+json\">{\"a\":\"b\nc\",}</script>", `[{"a":"b\nc"}]`},
		"quotes and commas":   {`<script type="application/ld+json">{"a":"the "best", they say","b":["so "good", one","c",1,],}</script>`, `[{"a":"the \"best\", they say","b":["so \"good\", one","c",1]}]`},
	} {
		got, err := json.Marshal(ld.Values([]byte(c.page)))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, %v; want %s", name, got, err, c.want)
		}
	}
}

func FuzzValues(f *testing.F) {
	f.Add([]byte(`<script type="application/ld+json">{"a":["b",/* c */],}</script>`))
	f.Add([]byte("\xff\xfe<\x00s\x00"))
	f.Add([]byte(strings.Repeat("[", 100)))
	f.Fuzz(func(t *testing.T, page []byte) {
		before := string(page)
		for _, v := range ld.Values(page) {
			if _, err := json.Marshal(v); err != nil {
				t.Errorf("%v is no JSON: %v", v, err)
			}
		}
		if string(page) != before {
			t.Error("the page was changed")
		}
	})
}
