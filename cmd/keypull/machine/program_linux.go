package machine

import (
	"bufio"
	"bytes"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// releaseProgram takes the pages of the program's own file out of this process: a
// start goes through most of them, and what comes after it through few. The
// machine keeps them in its cache, from where those that are used come back.
func releaseProgram() {
	// What a loader has written to, as it does to other kinds of programs, would
	// be lost.
	info, ok := debug.ReadBuildInfo()
	if !ok || !slices.Contains(info.Settings, debug.BuildSetting{Key: "-buildmode", Value: "exe"}) {
		return
	}
	for _, a := range untouchedProgram() {
		// An error costs nothing but that memory is kept.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, a.from, a.to-a.from, syscall.MADV_DONTNEED)
	}
}

// untouchedProgram finds where the program stands in memory as it is on the disk.
func untouchedProgram() []area {
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return nil
	}
	return untouched(maps, self)
}

// area is a part of the memory of a process.
type area struct{ from, to uintptr }

// untouched finds, in what Linux tells of a process's memory, where a file stands
// as it is on the disk: nobody may write there, and nobody has, as a debugger does.
func untouched(smaps []byte, file string) (all []area) {
	open := false // the last of all is of the file, and may still turn out to be touched
	for lines := bufio.NewScanner(bytes.NewReader(smaps)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if !strings.HasSuffix(name, ":") {
			var a area
			if a, open = areaOf(name, value, file); open {
				all = append(all, a)
			}
			continue
		}
		if open && (name == "Anonymous:" || name == "Swap:") && strings.TrimSpace(value) != "0 kB" {
			all, open = all[:len(all)-1], false
		}
	}
	return all
}

// areaOf reads "400000-401000" and "r-xp 00000000 fe:00 4711  /a/file".
func areaOf(bounds, about, file string) (a area, ok bool) {
	access, _, _ := strings.Cut(about, " ")
	if len(access) != 4 || access[1] == 'w' || access[3] != 'p' || !strings.HasSuffix(about, " "+file) {
		return a, false
	}
	first, behind, _ := strings.Cut(bounds, "-")
	from, err := strconv.ParseUint(first, 16, strconv.IntSize)
	if err != nil {
		return a, false
	}
	to, err := strconv.ParseUint(behind, 16, strconv.IntSize)
	return area{uintptr(from), uintptr(to)}, err == nil && from < to
}
