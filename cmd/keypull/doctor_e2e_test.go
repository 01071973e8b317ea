package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// ailments runs the doctor and returns the codes of what it finds and has not mended.
func (s *service) ailments(t *testing.T, flags string) (codes []string) {
	t.Helper()
	code, stdout, stderr := s.run("doctor --json" + flags)
	harm := 3
	for line := range strings.Lines(stdout) {
		var a ailment
		if err := json.Unmarshal([]byte(line), &a); err != nil || a.Code == "" || a.What == "" || a.Mend == "" || a.Harm < 1 || a.Harm > harm {
			t.Errorf("the doctor said %q, %v", line, err)
		}
		if a.Code == codeDamaged && a.Harm == 3 && !strings.HasPrefix(a.Section, "operators.md#") {
			t.Errorf("of %q no section tells more: %q", a.What, a.Section)
		}
		if harm = a.Harm; !a.Fixed {
			codes = append(codes, a.Code)
		}
	}
	if want := map[bool]int{true: cli.Done, false: cli.Findings}[len(codes) == 0]; code != want || stderr != "" {
		t.Errorf("the doctor ended with %d, found %v and said %q", code, codes, stderr)
	}
	return codes
}

// trouble is something that is wrong with an installation whose server is gone.
type trouble struct {
	plant func(h *copiedHouse) error
	// found are the codes, left those that --fix leaves alone.
	found, left string
}

func troubles() map[string]trouble {
	flip := func(path string, at int64) error {
		f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // of this test
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		b := make([]byte, 64)
		if _, err := f.ReadAt(b, at); err != nil {
			return err
		}
		for i := range b {
			b[i] ^= 0xff
		}
		_, err = f.WriteAt(b, at)
		return err
	}
	return map[string]trouble{
		"nothing":                        {func(*copiedHouse) error { return nil }, "", ""},
		"others may read the key":        {func(h *copiedHouse) error { return os.Chmod(h.file("keypull.key"), 0o644) }, "mode", ""}, //nolint:gosec // planted
		"others may read the store":      {func(h *copiedHouse) error { return os.Chmod(h.file("keypull.db"), 0o640) }, "mode", ""},  //nolint:gosec // planted
		"a socket that nobody serves":    {func(h *copiedHouse) error { return os.WriteFile(socketPath(h.file("keypull.db")), nil, 0o600) }, "stale_socket", ""},
		"a file that was left over":      {func(h *copiedHouse) error { return os.WriteFile(h.file("keypull.key.part-AB"), nil, 0o600) }, "leftover", ""},
		"a left-over copy":               {func(h *copiedHouse) error { return os.WriteFile(h.file("newest/keypull.newest.part-AB"), nil, 0o600) }, "leftover", ""},
		"a folder of backups is missing": {func(h *copiedHouse) error { return os.RemoveAll(h.file("newest")) }, "folder", ""},
		"all archives are missing":       {func(h *copiedHouse) error { return os.RemoveAll(h.file("archives")) }, "folder", "backup"},
		"an old backup": {func(h *copiedHouse) error {
			all, _ := filepath.Glob(h.file("archives/*.archive"))
			for _, path := range all[1:] {
				_ = os.Remove(path)
			}
			return os.Rename(all[0], h.file("archives/keypull-20260101T000000Z.archive"))
		}, "backup", "backup"},
		"the key file is lost":      {func(h *copiedHouse) error { return os.Rename(h.file("keypull.key"), h.file("away")) }, "damaged", "damaged"},
		"the slots are lost":        {func(h *copiedHouse) error { return os.Rename(h.file("keypull.key.slots"), h.file("away")) }, "damaged", "damaged"},
		"the store is lost":         {func(h *copiedHouse) error { return os.Rename(h.file("keypull.db"), h.file("away")) }, "damaged", "damaged"},
		"the head of the store":     {func(h *copiedHouse) error { return flipPages(flip, h.file("keypull.db")) }, "damaged", "damaged"},
		"the key file is another's": {func(h *copiedHouse) error { return flip(h.file("keypull.key"), 0) }, "damaged", "damaged"},
		"a byte in the middle of the store": {func(h *copiedHouse) error {
			b, err := os.ReadFile(h.file("keypull.db"))
			if err != nil {
				return err
			}
			// Pages that are free hold it too.
			word := []byte("lecker.")
			for at, next := 0, bytes.Index(b, word); next >= 0 && err == nil; next = bytes.Index(b[at:], word) {
				at += next + len(word)
				err = flip(h.file("keypull.db"), int64(at-len(word)+40))
			}
			return err
		}, "set_aside", "set_aside"},
		"the head of the slots": {func(h *copiedHouse) error { return flip(h.file("keypull.key.slots"), 0) }, "", ""},
		"all slots": {func(h *copiedHouse) error {
			return os.WriteFile(h.file("keypull.key.slots"), bytes.Repeat([]byte{7}, 4096), 0o600)
		}, "damaged", "damaged"},
		"the slots are empty": {func(h *copiedHouse) error { return os.Truncate(h.file("keypull.key.slots"), 0) }, "damaged", "damaged"},
		"the key file is cut": {func(h *copiedHouse) error { return os.Truncate(h.file("keypull.key"), 20) }, "damaged", "damaged"},
		"the store is cut":    {func(h *copiedHouse) error { return os.Truncate(h.file("keypull.db"), 3*4096) }, "damaged", "damaged"},
		"a passphrase that nobody set": {func(h *copiedHouse) error {
			return replaceIn(h.path, regexp.MustCompile(`recipient = .*`), "passphrase = \"$${NOBODY_SET_THIS}\"")
		}, "configuration", "configuration"},
		"a configuration that is not there": {func(h *copiedHouse) error { return os.Remove(h.path) }, "configuration", "configuration"},
		"the clock was ahead": {func(h *copiedHouse) error {
			then := time.Now().Add(50 * time.Hour)
			return os.Chtimes(h.file("keypull.key.slots"), then, then)
		}, "clock", "clock"},
		"a token that was revoked": {func(h *copiedHouse) error {
			h.api.answer(func(_ botCall, w http.ResponseWriter) bool {
				botRefusal(w, http.StatusUnauthorized, "Unauthorized", "")
				return true
			})
			return nil
		}, "dead_channel", "dead_channel"},
		"a source that is down": {func(h *copiedHouse) error {
			h.feed.change(func(f *newsFeed) { f.down = true })
			return nil
		}, "dead_source", "dead_source"},
		"an address of another machine": {func(h *copiedHouse) error {
			return replaceIn(h.path, regexp.MustCompile(`(?m)^listen = .*`), `listen = "192.0.2.1:8080"`)
		}, "listen", "listen"},
		"a key of the configuration":      {func(h *copiedHouse) error { return appendTo(h.path, "\nlisten_to = 1\n") }, "configuration", "configuration"},
		"a configuration that is no TOML": {func(h *copiedHouse) error { return appendTo(h.path, "\n[[[\n") }, "configuration", "configuration"},
	}
}

// flipPages damages both pages that say where the data of a store is.
func flipPages(flip func(string, int64) error, path string) error {
	const page = 4096
	if err := flip(path, 16); err != nil {
		return err
	}
	return flip(path, page+16)
}

func removeAll(pattern string) error {
	files, err := filepath.Glob(pattern)
	for _, f := range files {
		err = errors.Join(err, os.Remove(f))
	}
	return err
}

func replaceIn(path string, from *regexp.Regexp, to string) error {
	b, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		return err
	}
	return os.WriteFile(path, from.ReplaceAll(b, []byte(to)), 0o600)
}

func appendTo(path, text string) error {
	b, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, text...), 0o600)
}

// mendsByAnother does what the doctor says of what is missing or old: it makes another backup.
func (h *copiedHouse) mendsByAnother(t *testing.T) {
	t.Helper()
	if code, _, said := h.run("backup"); code != cli.Done {
		t.Errorf("backup ended with %d and said %s", code, said)
	}
	if left := h.ailments(t, ""); len(left) > 0 {
		t.Errorf("after another backup the doctor finds %v", left)
	}
}

// mendsByRestoring does what the doctor says of what is damaged: it puts the last backup back.
func (h *copiedHouse) mendsByRestoring(t *testing.T, halves halvesMade, said string) {
	t.Helper()
	if !strings.Contains(said, "keypull restore") {
		t.Errorf("what is damaged is not mended by putting a backup back: %s", said)
	}
	again, told := h.restores(t, halves)
	if told.Readers != 1 || told.LostAsks != 0 || len(told.SetAside) > 0 {
		t.Errorf("restore told %+v", told)
	}
	again.start()
	t.Cleanup(again.stop)
	if got := again.reply(h.api, stayingReader, "news"); !strings.Contains(got, "First edition") {
		t.Errorf("after it was put back it answers %q", got)
	}
	if left := again.ailments(t, ""); slices.Contains(left, codeDamaged) || slices.Contains(left, "set_aside") {
		t.Errorf("after it was put back the doctor finds %v", left)
	}
}

func TestTheDoctorNamesEachTroubleAndMendsWhatItMay(t *testing.T) {
	t.Parallel()
	for name, c := range troubles() {
		t.Run(name, func(t *testing.T) {
			h := openCopiedHouse(t)
			h.reply(h.api, stayingReader, "news")
			halves := h.backsUp(t)
			h.stop()
			before := filesBelow(t, filepath.Dir(h.path))
			if err := c.plant(h); err != nil {
				t.Fatal(err)
			}
			if got := slices.Compact(h.ailments(t, "")); strings.Join(got, " ") != c.found {
				t.Errorf("found %v, want %s", got, c.found)
			}
			_ = h.ailments(t, " --fix")
			if got := slices.Compact(h.ailments(t, "")); strings.Join(got, " ") != c.left {
				t.Errorf("after --fix it finds %v, want %s", got, c.left)
			}
			switch _, said, _ := h.run("doctor --json"); c.left {
			case "":
			case codeDamaged, "set_aside":
				h.mendsByRestoring(t, halves, said)
				return
			case "backup":
				h.mendsByAnother(t)
				return
			default:
				return // for a person
			}
			if name != "a folder of backups is missing" {
				if after := filesBelow(t, filepath.Dir(h.path)); !slices.Equal(before, after) {
					t.Errorf("there were %v, there are %v", before, after)
				}
			}
			h.start()
			if got := h.reply(h.api, stayingReader, "news"); !strings.Contains(got, "First edition") {
				t.Errorf("after it was mended it answers %q", got)
			}
		})
	}
}

func TestTheDoctorNamesWhatBecameOfAStoreWhoseServerWasKilled(t *testing.T) {
	for name, plant := range map[string]func(store string) error{
		"nothing":         func(string) error { return nil },
		"the log is lost": func(store string) error { return removeAll(store + ".wal.*") },
		"the log is that of another store": func(store string) error {
			files, err := filepath.Glob(store + ".wal.[0-9]*")
			for _, f := range files {
				b, failed := os.ReadFile(f) //nolint:gosec // of this test
				err = errors.Join(err, failed, os.WriteFile(f, bytes.ToUpper(b), 0o600))
			}
			return err
		},
		"the store without its slots, as a copy of one file": func(store string) error { return removeAll(filepath.Join(filepath.Dir(store), "*.slots")) },
	} {
		t.Run(name, func(t *testing.T) {
			p, _, config, store := damagedStore(t)
			p.kill()
			if err := plant(store); err != nil {
				t.Fatal(err)
			}
			_, stdout, stderr := command(t.Context(), "doctor", "--json", "-c", config)
			if got := strings.Contains(stdout, `"code":"damaged"`); stderr != "" || got != (name != "nothing") {
				t.Errorf("the doctor printed %s and said %q", stdout, stderr)
			}
		})
	}
}

// TestTheDoctorNamesAFullDisk has an installation on a disk of its own, of a few megabytes.
func TestTheDoctorNamesAFullDisk(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	h.backsUp(t)
	h.stop()
	const script = `mount -t tmpfs -o size=40m,mode=0700 none "$2" && cp -a "$1/." "$2" && cd "$2" &&
"$3" doctor --json -c "$2/config.toml"; dd if=/dev/zero of=filler bs=64k 2>/dev/null; truncate -s -1M filler; "$3" doctor --json -c "$2/config.toml"; rm filler; "$3" doctor --json -c "$2/config.toml"; echo "ended with $?"`
	cmd := exec.CommandContext(t.Context(), "unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", filepath.Dir(h.path), t.TempDir(), os.Args[0]) //nolint:gosec // the test binary itself
	cmd.Env = append(os.Environ(), asProcess+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "\n") != 2 || !strings.Contains(string(out), `"code":"disk_full","harm":3`) || !strings.HasSuffix(string(out), "ended with 0\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTheMendOfAPathIsWhatAShellTakes(t *testing.T) {
	for _, path := range []string{"/srv/keypull.db", "/srv/the outlet's/key", "/srv/$HOME `x`"} {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+shellQuoted(path)).Output() //nolint:gosec // what is tested
		if err != nil || string(out) != path {
			t.Errorf("%s became %s, %v", path, out, err)
		}
	}
}
