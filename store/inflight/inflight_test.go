package inflight_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/store/inflight"
)

func open(t *testing.T, path string) *inflight.Markers {
	t.Helper()
	s, err := inflight.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// copied returns what another process would find at this moment.
func copied(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // a file of the test's own
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(other, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}

func TestWhatIsBeingComputedIsKnownAfterTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db.resolving")
	s := open(t, path)
	if got := s.Former(); len(got.Asks) > 0 || got.Alone != 0 {
		t.Errorf("a new file says %+v", got)
	}
	done := s.Note(7)
	s.Note(8)
	s.Note(8)
	s.Alone(9)
	done()
	after := open(t, copied(t, path))
	if got := after.Former(); !slices.Equal(got.Asks, []uint64{8}) || got.Alone != 9 {
		t.Errorf("after an end: %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	clean := open(t, copied(t, path))
	if got := clean.Former(); len(got.Asks) > 0 || got.Alone != 0 {
		t.Errorf("after a clean end: %+v", got)
	}
	for _, s := range []*inflight.Markers{after, clean} {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestMoreThanThereAreSlotsIsNotMarked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db.resolving")
	s := open(t, path)
	var over []func()
	for ask := range uint64(3 * inflight.Slots) {
		over = append(over, s.Note(1+ask))
	}
	after := open(t, copied(t, path))
	if got := after.Former(); len(got.Asks) != inflight.Slots {
		t.Errorf("%d asks", len(got.Asks))
	}
	for _, f := range over {
		f()
	}
	none := open(t, copied(t, path))
	if got := none.Former(); len(got.Asks) != 0 {
		t.Errorf("%v", got.Asks)
	}
}

func TestAnotherFileMarksNothing(t *testing.T) {
	for _, content := range []string{"", "x", "KPSLATE1", strings.Repeat("\xff", 5000), "KPSLATE1" + strings.Repeat("\x07", 2000)} {
		path := filepath.Join(t.TempDir(), "k.db.resolving")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, path)
		if got := s.Former(); len(got.Asks) > 0 || got.Alone != 0 {
			t.Errorf("%.10q: %+v", content, got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// breaking makes the test binary a process that breaks down.
const breaking = "KEYPULL_TEST_BREAKS"

func TestMain(m *testing.M) {
	if path := os.Getenv(breaking); path != "" {
		s, err := inflight.Open(path)
		if err != nil {
			panic(err)
		}
		s.Note(42)
		none := map[string]map[string]int{}
		none["a"]["b"] = 1
	}
	os.Exit(m.Run())
}

func TestAReportNamesThePlaceAndNoWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db.resolving")
	cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // the test binary itself
	cmd.Env = append(os.Environ(), breaking+"="+path)
	if err := cmd.Run(); err == nil {
		t.Fatal("it did not break down")
	}
	s := open(t, path)
	got := s.Former()
	if !slices.Equal(got.Asks, []uint64{42}) || !strings.Contains(got.Words, "assignment to entry in nil map") || !strings.Contains(got.Words, "inflight_test.go:") {
		t.Errorf("%+v", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
