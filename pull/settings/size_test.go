package settings_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/settings"
)

func TestParseBytes(t *testing.T) {
	tests := []struct {
		text string
		want settings.Bytes
		bad  bool
	}{
		{"64MiB", 64 << 20, false}, {"1GiB", 1 << 30, false}, {"3KiB", 3 << 10, false}, {"2TiB", 2 << 40, false},
		{"1000", 1000, false}, {"1000B", 1000, false}, {"0", 0, false}, {"8388607TiB", 8388607 << 40, false},
		{"", 0, true}, {"B", 0, true}, {"MiB", 0, true}, {"-1MiB", 0, true}, {"+1MiB", 0, true}, {"1.5GiB", 0, true},
		{"64MB", 0, true}, {"64mib", 0, true}, {"64M", 0, true}, {"64 MiB", 0, true}, {"1MiBB", 0, true},
		{"8388608TiB", 0, true}, {"99999999999999999999", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := settings.ParseBytes(tt.text)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("got %d, %v", int64(got), err)
			}
		})
	}
}

func TestSizesAreReadBackAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := settings.Bytes(rapid.Int64Range(0, math.MaxInt64).Draw(t, "bytes"))
		got, err := settings.ParseBytes(b.String())
		if err != nil || got != b {
			t.Errorf("%q is read as %d, %v", b.String(), int64(got), err)
		}
	})
	for b, want := range map[settings.Bytes]string{
		64 << 20: "64MiB", 1 << 30: "1GiB", 1536 << 20: "1536MiB", 1000: "1000B", 0: "0B", 1 << 50: "1024TiB",
	} {
		if got := b.String(); got != want {
			t.Errorf("%d is written %q, want %q", int64(b), got, want)
		}
	}
}

// store is a struct with sizes.
type store struct {
	Free settings.Bytes  `name:"free" label:"Free" help:"How much stays free." check:"min=16MiB,max=1TiB"`
	Once *settings.Bytes `name:"once" label:"Once" help:"How much at once." example:"1GiB"`
}

func TestASizeIsFilledFromATextOrANumber(t *testing.T) {
	for _, raw := range []any{"64MiB", int64(64 << 20), 64 << 20, float64(64 << 20), settings.Bytes(64 << 20), "67108864"} {
		s := store{}
		if err := settings.Fill(&s, map[string]any{"free": raw, "once": raw}); err != nil || s.Free != 64<<20 || *s.Once != 64<<20 {
			t.Errorf("%T %v: got %v, %v", raw, raw, s, err)
		}
	}
}

func TestASizeOutOfBoundsIsRefusedWithFieldAndLimit(t *testing.T) {
	for raw, want := range map[any]string{
		"15MiB": "Write 16MiB or more.", "2TiB": "Write 1TiB or less.", int64(0): "Write 16MiB or more.",
		"64 MB":   `Write a size with its unit, such as "64MiB" or "1GiB", not "64 MB".`,
		true:      `Write a size with its unit, such as "64MiB" or "1GiB", not true or false.`,
		int64(-1): `Write a size with its unit, such as "64MiB" or "1GiB", not "-1".`,
	} {
		var problems settings.Problems
		err := settings.Fill(&store{Free: 64 << 20}, map[string]any{"free": raw})
		if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != "free" || problems[0].Message != want {
			t.Errorf("%v: got %v, want %s", raw, err, want)
		}
	}
}

func TestASizeIsShownWithItsUnit(t *testing.T) {
	s := store{Free: 64 << 20}
	values, err := settings.Values(&s)
	if err != nil || values["free"] != "64MiB" {
		t.Errorf("got %v, %v", values, err)
	}
	text, err := settings.Example(&s, settings.Layout{})
	want := "# How much stays free. At least 16MiB, at most 1TiB.\nfree = \"64MiB\"\n# How much at once.\n#once = \"1GiB\"\n"
	if err != nil || text != want {
		t.Errorf("got %s%v", text, err)
	}
}
