package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/safe"
	"keypull/store/withdrawn"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// installation is a store with its keys whose backups go by a clock of the test.
type installation struct {
	*backup.Backups
	folder string
	now    time.Time
}

func newInstallation(t *testing.T, keep backup.Ladder) *installation {
	t.Helper()
	in := &installation{folder: t.TempDir(), now: noon}
	logger, clock := slog.New(slog.DiscardHandler), func() time.Time { return in.now }
	store, keys := filepath.Join(in.folder, "keypull.db"), filepath.Join(in.folder, "keypull.key")
	s, err := safe.Open(t.Context(), safe.Options{Store: store, Keys: keys, MinFree: -1, Clock: clock, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, err := withdrawn.Open(withdrawn.NameOf(store), clock, logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	reader, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	in.Backups = backup.New(backup.Options{
		Parts: backup.Parts{Store: s.File, Ring: s.Ring, Withdrawn: w, StorePath: store, KeyPath: keys, Version: "0.4.0"},
		To:    openFolder(t, filepath.Join(in.folder, "archives")), Newest: openFolder(t, filepath.Join(in.folder, "newest")), Recipient: reader.Recipient(),
		Every: time.Hour, Keep: keep, Clock: clock, Logger: logger,
	})
	return in
}

// names lists a folder.
func (in *installation) names(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(in.folder, folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestArchivesAreMadeWhenTheyAreDueAndTheNewestHalfEachTime(t *testing.T) {
	in := newInstallation(t, backup.Ladder{Hours: 2})
	for range 6 {
		if err := in.MakeDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		in.now = in.now.Add(30 * time.Minute)
	}
	want := []string{"keypull-20261125T130000Z.archive", "keypull-20261125T140000Z.archive"}
	if got := in.names(t, "archives"); !slices.Equal(got, want) {
		t.Errorf("archives %v, want %v", got, want)
	}
	if got := in.names(t, "newest"); !slices.Equal(got, []string{"keypull.newest"}) {
		t.Errorf("the newest half's folder has %v", got)
	}
	if h := in.Health(); !h.Archive.Equal(noon.Add(2*time.Hour)) || !h.Newest.Equal(noon.Add(150*time.Minute)) || !h.Why.IsZero() {
		t.Errorf("health %+v", h)
	}
}

// slowTarget takes as long for a copy as somebody lets it.
type slowTarget struct {
	backup.Target

	begun, end chan struct{}
}

func (s slowTarget) WriteCopy(ctx context.Context, name string, write func(io.Writer) error) (int64, error) {
	close(s.begun)
	<-s.end
	return s.Target.WriteCopy(ctx, name, write)
}

func TestTheNewestHalfIsReplacedWhileAnArchiveIsMade(t *testing.T) {
	in := newInstallation(t, backup.Ladder{Hours: 2})
	slow := slowTarget{in.To, make(chan struct{}), make(chan struct{})}
	in.To = slow
	made := make(chan error, 1)
	go func() { _, err := in.Now(t.Context()); made <- err }()
	<-slow.begun
	if err := in.ReplaceNewest(t.Context()); err != nil {
		t.Error(err)
	}
	if got := in.names(t, "newest"); !slices.Equal(got, []string{"keypull.newest"}) {
		t.Errorf("the newest half's folder has %v", got)
	}
	close(slow.end)
	if err := <-made; err != nil {
		t.Error(err)
	}
}

func TestWhatIsTooOldIsTold(t *testing.T) {
	in := newInstallation(t, backup.Ladder{Hours: 2})
	if err := in.MakeDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := in.Health()
	for after, late := range map[time.Duration]bool{0: false, 4 * time.Minute: false, 6 * time.Minute: true} {
		if got := !made.Late(time.Hour, in.now.Add(after)).IsZero(); got != late {
			t.Errorf("%s after a backup late is %v", after, got)
		}
	}
	if err := os.RemoveAll(filepath.Join(in.folder, "archives")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(in.folder, "archives"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	in.now = in.now.Add(2 * time.Hour)
	if err := in.MakeDue(t.Context()); err == nil {
		t.Error("a folder that is a file was no error")
	}
	if h := in.Health(); h.Why.IsZero() || h.Late(time.Hour, in.now).IsZero() || !h.Newest.Equal(in.now) {
		t.Errorf("health %+v", h)
	}
}

func TestTheLadderKeepsTheLastOfEachHourDayAndWeek(t *testing.T) {
	var all []time.Time
	for i := range 30 * 24 * 2 {
		all = append(all, noon.Add(-time.Duration(i)*30*time.Minute))
	}
	gone := map[time.Time]bool{}
	for _, at := range (backup.Ladder{Hours: 3, Days: 4, Weeks: 2}).Surplus(all) {
		gone[at] = true
	}
	var kept []string
	for _, at := range all {
		if !gone[at] {
			kept = append(kept, at.Format("02T15:04"))
		}
	}
	// 25 November 2026 is a Wednesday; weeks end on Sunday.
	want := []string{"25T12:00", "25T11:30", "25T10:30", "24T23:30", "23T23:30", "22T23:30"}
	if !slices.Equal(kept[:len(want)], want) || len(kept) != len(want) {
		t.Errorf("kept %v, want %v", kept, want)
	}
}

func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "half")
	write := func(text string, err error) error {
		_, failed := backup.ReplaceFile(path, func(w io.Writer) error { _, _ = io.WriteString(w, text); return err })
		return failed
	}
	if err := write("first", nil); err != nil {
		t.Fatal(err)
	}
	if err := write("sec", errors.New("no more")); err == nil {
		t.Error("half a file was no error")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "first" { //nolint:gosec // of this test
		t.Errorf("the file says %q, %v", b, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestARecoverySheetIsReadAndItsSlipsAreFound(t *testing.T) {
	key := bytes.Repeat([]byte{0x5a, 0xc3, 0x01, 0xff}, 8)
	var sheet bytes.Buffer
	if err := backup.WriteSheet(&sheet, key, "Keep this."); err != nil {
		t.Fatal(err)
	}
	text := sheet.String()
	for name, c := range map[string]struct{ text, said string }{
		"as it was printed":   {text, ""},
		"in capitals":         {strings.ToUpper(text), ""},
		"without its lead":    {strings.TrimPrefix(text, "Keep this."), ""},
		"a key file":          {strings.Repeat("5ac301ff", 8) + "\n", ""},
		"a slip in line 2":    {text[:len(text)-12] + strings.Replace(text[len(text)-12:], "f", "e", 1), "Line 2"},
		"a group is missing":  {strings.Replace(text, " 5ac301ff", "", 1), "Line 1"},
		"line 1 alone":        {strings.Replace(text, "KEYPULL-2", "", 1), "no recovery sheet"},
		"nothing of the kind": {"hello", "no recovery sheet"},
	} {
		got, err := backup.ReadSheet(c.text)
		if c.said == "" && (err != nil || !bytes.Equal(got, key)) || c.said != "" && (err == nil || !strings.Contains(err.Error(), c.said)) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
}

func TestLaterVersionsAreKnown(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		later bool
	}{
		{"0.4.0", "0.4.0", false}, {"0.4.1", "0.4.0", true}, {"0.5.0", "0.4.9", true}, {"0.10.0", "0.9.0", true}, {"1.0.0", "0.99.0", true},
		{"0.4.0+abcdef", "0.4.0+012345", false}, {"0.3.9", "0.4.0", false}, {"0.4.0-rc1", "0.4.0", false},
	} {
		if got := backup.LaterVersion(c.a, c.b); got != c.later {
			t.Errorf("%s later than %s: %v", c.a, c.b, got)
		}
	}
}

func TestAPassphraseReadsWhatItWrote(t *testing.T) {
	to, err := backup.RecipientOf("", "a long and quiet afternoon")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err == nil {
		_, err = io.WriteString(w, "half")
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	for phrase, reads := range map[string]bool{"a long and quiet afternoon": true, "a long and quiet evening": false} {
		who, err := backup.IdentitiesOf("", phrase)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := age.Decrypt(bytes.NewReader(out.Bytes()), who...); (err == nil) != reads {
			t.Errorf("%q: %v", phrase, err)
		}
	}
}
