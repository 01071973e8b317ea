package machine

import (
	"runtime"
	"slices"
	"testing"
)

func TestOnlyWhatStandsAsItIsOnTheDiskIsReleased(t *testing.T) {
	const told = `00400000-01c02000 r-xp 00000000 fe:00 4711                           /opt/keypull
Rss:               22536 kB
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd ex mr mw me
01c02000-03b83000 r--p 01802000 fe:00 4711                               /opt/keypull
Anonymous:             4 kB
Swap:                  0 kB
03b83000-03c00000 r--p 01802000 fe:00 4711                               /opt/keypull
Anonymous:             0 kB
Swap:                  8 kB
03c00000-03c01000 r--p 01802000 fe:00 4711                               /opt/keypull
Anonymous:             0 kB
03d00000-03e69000 rw-p 03783000 fe:00 4711                               /opt/keypull
Anonymous:             0 kB
03e69000-05ec7000 rw-p 00000000 00:00 0
Anonymous:           168 kB
05ec7000-05ec8000 r--s 00000000 fe:00 4711                               /opt/keypull
Anonymous:             0 kB
7f2b7ea0e000-7f2b7ed90000 r--p 00000000 fe:00 4712                       /opt/keypull.db
Anonymous:             0 kB
7f2b7ea0e000-7f2b7ed90000 r--p 00000000 fe:00 4712                       /mnt/opt/keypull
Anonymous:             0 kB
`
	want := []area{{0x400000, 0x1c02000}, {0x3c00000, 0x3c01000}}
	if got := untouched([]byte(told), "/opt/keypull"); !slices.Equal(got, want) {
		t.Errorf("released is %x, want %x", got, want)
	}
	if got := untouched([]byte("x-y r--p 0 0 0 /opt/keypull\nAnonymous:\n:\n\n"), "/opt/keypull"); len(got) != 0 {
		t.Errorf("of what nobody understands %x is released", got)
	}
}

func TestTheProgramLeavesMemoryAndGoesOn(t *testing.T) {
	before := Resident()
	releaseProgram()
	if after := Resident(); after >= before {
		t.Errorf("%d bytes were resident, and are %d", before, after)
	}
	runtime.GC() // goes through what it stands on
}
