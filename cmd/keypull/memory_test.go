package main

import (
	"errors"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"keypull/pull/settings"
)

func TestMemoryIsSharedOutOfWhatWasConfigured(t *testing.T) {
	for _, text := range []string{"128MiB", "256MiB", "512MiB", "4GiB"} {
		size, err := settings.ParseBytes(text)
		if err != nil {
			t.Fatal(err)
		}
		s := divideMemory(&size)
		all := ground + s.snapshots + s.readers + s.known + s.keys + s.mailboxes + s.asks*askBytes
		if s.total != int(size) || all > s.total || all < s.total-askBytes-16 {
			t.Errorf("of %s %d bytes are shared out as %+v", text, all, s)
		}
		if quarter := s.readers + s.known + s.keys + s.mailboxes; s.snapshots < 2*quarter-16 || s.asks*askBytes > quarter+16 {
			t.Errorf("the shares of %s are %+v", text, s)
		}
	}
}

func TestMemoryIsAQuarterOfWhatThereIsUnlessConfigured(t *testing.T) {
	none := memlimit.Provider(func() (uint64, error) { return 0, errors.New("no limit") })
	for _, c := range []struct {
		name string
		from []memlimit.Provider
		want int
	}{
		{"of the group's limit first", []memlimit.Provider{memlimit.Limit(1 << 30), memlimit.Limit(8 << 30)}, 256 << 20},
		{"else of the machine's", []memlimit.Provider{none, memlimit.Limit(1 << 30)}, 256 << 20},
		{"never more than the most", []memlimit.Provider{none, memlimit.Limit(64 << 30)}, defaultMemory},
		{"never less than the least", []memlimit.Provider{memlimit.Limit(100 << 20)}, leastMemory},
		{"the most where nothing is known", []memlimit.Provider{none, none}, defaultMemory},
	} {
		if got := usualMemory(c.from...); got != c.want {
			t.Errorf("%s: %d MiB, want %d", c.name, got>>20, c.want>>20)
		}
	}
}
