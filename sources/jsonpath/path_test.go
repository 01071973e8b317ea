package jsonpath_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/jsonapi"
	"keypull/sources/jsonpath"
	"keypull/sources/quote"
)

const world = `{"a":{"b":1.50,"list":[{"n":"one","v":1},{"n":"zwei","v":20},{"n":"три","v":300}]},
	"x.y":{"it's":true},"now":"zwei","nested":{"price":{"price":7}},"EUR/USD":{"rate":1.08},"only":{"10.0000000000000000001":null}}`

// values are those that stand at a path, one behind the other.
func values(t *testing.T, path string) string {
	t.Helper()
	p, err := jsonpath.Parse(path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	d, err := jsonpath.Decode("test", []byte(world), sources.Encoded{}, p.Compares)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range p.Find(d) {
		all = append(all, fmt.Sprint(one.Exact))
	}
	return strings.Join(all, "|")
}

func TestAPathFindsWhatItSays(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"a.b": "1.50", "a.list.1.n": "zwei", "a.list.-1.n": "три", "a.list.3": "", "a.none": "", "now.b": "",
		"$.a.b": "1.50", "$['x.y']['it\\'s']": "true", "$.a.list[*].n": "one|zwei|три", "$.a.list[-1].v": "300",
		"$..n": "one|zwei|три", "$..list..v": "1|20|300", "$.a.list[?(@.v > 10)].n": "zwei|три", "$.a.list[?(@.n == $.now)].v": "20",
		"$.a.list[0:2].v": "1|20", "$.a.list[0]['n','v']": "one|1", "only.~": "10.0000000000000000001", "EUR/USD.rate": "1.08",
	} {
		if got := values(t, path); got != want {
			t.Errorf("%s finds %q; want %q", path, got, want)
		}
	}
}

func TestThePathThatIsShownLeadsToItsValue(t *testing.T) {
	t.Parallel()
	places := jsonpath.Places([]byte(world), func(at []jsonpath.Step, _ bool) (path, whole string) {
		return jsonpath.Spell(at), jsonpath.Bracketed(at)
	})
	if len(places) < 20 {
		t.Fatalf("%d places are shown", len(places))
	}
	for _, p := range places {
		if p.Value == "" {
			continue
		}
		for _, path := range []string{p.Path, p.Item} {
			if got := values(t, path); got != p.Value && p.Value != "null" {
				t.Errorf("%s leads to %q; %q is shown", path, got, p.Value)
			}
		}
	}
}

func TestASymbolInAPathIsTextAlone(t *testing.T) {
	t.Parallel()
	p, err := jsonpath.Parse("$.a.list[?(@.n == '{symbol}')].v", "{symbol}")
	if err != nil {
		t.Fatal(err)
	}
	d, err := jsonpath.Decode("test", []byte(world), sources.Encoded{}, true)
	if err != nil {
		t.Fatal(err)
	}
	for symbol, want := range map[string]any{"zwei": json.Number("20"), "x' || @.v > 0 || 'x": nil, `\`: nil, "'": nil} {
		if got, _ := p.Fill("{symbol}", symbol).First(d); got != want {
			t.Errorf("%s finds %v; want %v", symbol, got, want)
		}
	}
}

// A path is typed alike wherever one is asked for: what one kind takes the other
// takes, and what is refused is refused with the same sentence.
func TestEveryKindTakesTheSamePaths(t *testing.T) {
	t.Parallel()
	for path, taken := range map[string]bool{
		"price": true, "data.0.price": true, "$..a..b": true, "$..*..*..*": false, "$.a[?(@.b == 1)][?(@.c == 2)][?(@.d == 3)]": true,
		"$.a[?(@.b == $.c)]": true, "$.a[?(@.b == $..c)]": false, "$['a','b']": true, "$['a','a']": false, "$.[[": false, "a[": false,
		"$" + strings.Repeat(".a", 300): false, "$.x[*]['p','q']": true,
	} {
		said := map[string]string{}
		for name, s := range map[string]settings.Checker{
			"json items": &jsonapi.Settings{URL: "https://example.org/", Items: path},
			"json next":  &jsonapi.Settings{URL: "https://example.org/", Next: path},
			"quote":      &quote.Settings{URL: "https://example.org/{symbol}", Format: "json", Price: path},
		} {
			for _, p := range s.Check() {
				said[name] = p.Message
			}
			if (said[name] == "") != taken {
				t.Errorf("%s in %s: taken is %v, it says %q", path, name, said[name] == "", said[name])
			}
		}
		if said["json items"] != said["quote"] || said["json next"] != said["quote"] {
			t.Errorf("%s is refused in several ways: %q", path, said)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, path := range []string{"a.b", "$..a..b", "$[?(@.a == 'x')]", "$['a','b'][0:2]", "a.~", "$.a[?(@.b > 1 && @.c)]", "{symbol}.p"} {
		f.Add(path, world)
	}
	f.Fuzz(func(_ *testing.T, path, document string) {
		p, err := jsonpath.Parse(path, "{symbol}")
		d, broken := jsonpath.Decode("test", []byte(document), sources.Encoded{}, p.Compares)
		if err != nil || broken != nil {
			return
		}
		p = p.Fill("{symbol}", "x'y")
		p.Find(d)
		p.First(d)
		p.Holders(d)
		p.Steps(d)
	})
}
