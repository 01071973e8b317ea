package compact_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/compact"
	"keypull/pull/compact/compacttest"
)

type Inner struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

type outer struct {
	Inner
	Text    string               `json:"text"`
	Yes     bool                 `json:"yes"`
	Count   int                  `json:"count"`
	Numbers []uint64             `json:"numbers"`
	Amount  float64              `json:"amount"`
	Texts   []string             `json:"texts"`
	Many    []Inner              `json:"many"`
	One     *Inner               `json:"one"`
	Terms   map[string]float64   `json:"terms"`
	Said    map[string]string    `json:"said"`
	Met     map[string]time.Time `json:"met"`
	Of      map[string]Inner     `json:"of"`
	Left    string               `json:"-"`
}

const (
	innerForm = "compact_test.Inner: name at\n"
	form      = innerForm + "compact_test.outer: name at text yes count numbers amount texts many one terms said met of\nwords: en de\n"
)

func TestValuesComeBackWhole(t *testing.T) {
	t.Parallel()
	c := compact.New[outer](1, form)
	const atOnce = 100 // of each of rapid's hundred checks
	rapid.Check(t, func(t *rapid.T) {
		for range atOnce {
			v := compacttest.Draw[outer](t)
			back, err := c.Decode(c.Append(nil, &v))
			if err != nil || !reflect.DeepEqual(v, back) || !reflect.DeepEqual(asJSON(t, v), back) {
				t.Fatal(err, cmp.Diff(v, back))
			}
		}
	})
}

// asJSON returns what JSON gives back of a value: the codec's plain twin.
func asJSON(t *rapid.T, v outer) (back outer) {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestOddValuesComeBack(t *testing.T) {
	t.Parallel()
	c := compact.New[outer](1, form)
	graz := time.FixedZone("", 2*60*60)
	v := outer{Amount: math.Inf(-1), Count: math.MinInt, Numbers: []uint64{math.MaxUint64, 0, 1}}
	v.At = time.Date(2026, 3, 1, 12, 0, 0, 7_000_000, graz)
	back, err := c.Decode(c.Append(nil, &v))
	if err != nil || !math.IsInf(back.Amount, -1) || back.Count != v.Count || !cmp.Equal(v.Numbers, back.Numbers) {
		t.Errorf("%+v, %v", back, err)
	}
	if got := back.At.Format(time.RFC3339Nano); got != "2026-03-01T12:00:00.007+02:00" {
		t.Error(got)
	}
	v = outer{Text: "no\xffUTF", Texts: []string{}, Left: "what is not kept"}
	if back, err = c.Decode(c.Append(nil, &v)); err != nil || back.Text != "no\uFFFDUTF" || back.Texts != nil || back.Left != "" {
		t.Errorf("%+v, %v", back, err)
	}
	again := strings.Repeat("told again ", 50)
	v = outer{Text: again, Texts: []string{again, "en", again}}
	if b := c.Append([]byte("before"), &v); len(b) > len(again)+20 || string(b[:6]) != "before" {
		t.Errorf("a text that is told thrice takes %d bytes", len(b))
	}
}

func TestNothingOfAnEarlierValueIsLeft(t *testing.T) {
	t.Parallel()
	c := compact.New[outer](1, form)
	full := outer{Text: "a text", Texts: []string{"a text", "another"}, One: &Inner{Name: "one"}, Many: []Inner{{Name: "many"}}, Terms: map[string]float64{"x": 1}}
	full.Name, full.At = "a name", time.Unix(1_700_000_000, 5).UTC()
	b := c.Append(nil, &full)
	bare := outer{Text: "a text", Many: []Inner{{}}}
	want := c.Append(nil, &bare)
	for cut := range b {
		if _, err := c.Decode(b[:cut]); err == nil {
			t.Fatalf("%d bytes of %d were read", cut, len(b))
		}
		if got := c.Append(nil, &bare); !bytes.Equal(got, want) {
			t.Fatalf("written as %x, not %x", got, want)
		}
		if back, err := c.Decode(want); !cmp.Equal(back, bare, cmp.AllowUnexported(outer{})) || err != nil {
			t.Fatal(err, cmp.Diff(bare, back, cmp.AllowUnexported(outer{})))
		}
	}
}

func TestAFormThatIsNotThatOfItsTypeIsRefused(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]string{
		"a field less": strings.Replace(form, " one", "", 1), "another field": strings.Replace(form, " one", " none", 1),
		"a field twice": strings.Replace(form, " one", " many", 1), "no form of what is within": strings.TrimPrefix(form, innerForm),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a codec was made", name)
				}
			}()
			compact.New[outer](1, form)
		}()
	}
}

func TestWhatALaterOneWroteIsToldFromDamage(t *testing.T) {
	t.Parallel()
	now := compact.New[Inner](1, innerForm)
	v := Inner{Name: "a name", At: time.Unix(1_700_000_000, 5)}
	b := now.Append(nil, &v)
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"another version":             {append([]byte{2}, b[1:]...), compact.ErrVersion},
		"a further field":             {[]byte{1, 1 << 2, 0}, compact.ErrVersion},
		"nothing":                     {nil, compact.ErrDamaged},
		"half of it":                  {b[:len(b)/2], compact.ErrDamaged},
		"more than it":                {append(b, 0), compact.ErrDamaged},
		"a text that was not there":   {[]byte{1, 1, 1}, compact.ErrDamaged},
		"a number without an end":     {[]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, compact.ErrDamaged},
		"a text longer than the rest": {[]byte{1, 1, 0xfc, 0x7f}, compact.ErrDamaged},
	} {
		if _, err := now.Decode(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	c := compact.New[outer](1, form)
	v := outer{Text: "en", Texts: []string{"a text", "a text"}, Many: []Inner{{Name: "x"}}, One: &Inner{At: time.Unix(9, 9)}, Terms: map[string]float64{"a": 0.5}}
	f.Add(c.Append(nil, &v))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := c.Decode(b)
		if err != nil {
			return
		}
		if _, err := c.Decode(c.Append(nil, &v)); err != nil {
			t.Fatal(err)
		}
	})
}
