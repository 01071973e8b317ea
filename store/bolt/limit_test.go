//go:build unix

package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// limitVariable makes the test binary one whose files cannot grow over a limit.
const limitVariable = "KEYPULL_TEST_LIMITED_STORE"

// TestAFailedWriteIsErrFullAndHeals has the system refuse what a file would
// grow by, in a process of its own.
func TestAFailedWriteIsErrFullAndHeals(t *testing.T) {
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this very binary
	cmd.Env = append(os.Environ(), limitVariable+"="+filepath.Join(t.TempDir(), "keypull.db"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}

func limited(path string) {
	if err := fillLimited(path); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

func fillLimited(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	ctx := context.Background()
	db, err := bolt.Open(path, store.Options{})
	if err != nil {
		return err
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	small := syscall.Rlimit{Cur: 24 << 20, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		return err
	}
	value := make([]byte, store.MaxValueBytes)
	n := 0
	for ; err == nil; n++ {
		_, err = db.Put(ctx, fmt.Sprint("k", n), value, store.Absent)
	}
	if n--; !errors.Is(err, store.ErrFull) || n < 5 {
		return fmt.Errorf("put %d: error %w, want ErrFull", n, err)
	}
	for i := range n {
		if _, err := db.Get(ctx, fmt.Sprint("k", i)); err != nil {
			return err
		}
	}
	if _, err := db.Get(ctx, fmt.Sprint("k", n)); !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("what was refused: error %w, want ErrNotFound", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	if _, err := db.Put(ctx, fmt.Sprint("k", n), value, store.Absent); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	return errors.Join(db.Check(ctx), db.Close())
}
