package places_test

import (
	"testing"

	"keypull/sources/places"
)

func TestAPlaceIsFilledForWhereItStands(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		known  []string
		values map[string]string
		want   string
	}{
		{"https://x.example/q/{symbol}.json?k={key}", []string{"symbol", "key"}, map[string]string{"symbol": "BRK/B", "key": "a b"}, "https://x.example/q/BRK%2FB.json?k=a+b"},
		{"https://x.example/{symbol}?l={argument}", []string{"symbol"}, map[string]string{"symbol": "Größe"}, "https://x.example/Gr%C3%B6%C3%9Fe?l={argument}"},
		{"https://x.example/?from={from}&to={to}", []string{"from", "to"}, map[string]string{"from": "EUR"}, "https://x.example/?from=EUR"},
		{"https://x.example/?q=title:'{argument}'", []string{places.Argument}, map[string]string{places.Argument: "l'eau"}, "https://x.example/?q=title:'l+eau'"},
		{"https://x.example/{symbol}/a", []string{"symbol"}, map[string]string{"symbol": ".."}, ""},
		{"https://x.example/{symbol}/a", []string{"symbol"}, nil, ""},
	} {
		if got, _ := places.Of(c.text, c.known...).Address(c.values); got != c.want {
			t.Errorf("%s with %q is %s; want %s", c.text, c.values, got, c.want)
		}
	}
}
