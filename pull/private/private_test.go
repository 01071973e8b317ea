//go:build unix

package private_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull/private"
)

func TestWhatIsMadeIsTheUsersAlone(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, tt := range []struct {
		name string
		make func() (string, error)
	}{
		{"a file", func() (string, error) {
			f, err := private.OpenFile(at("a"), os.O_RDWR|os.O_CREATE)
			if err != nil {
				return "", err
			}
			return f.Name(), f.Close()
		}},
		{"a file on its way", func() (string, error) {
			f, err := private.Beside(at("b"))
			if err != nil {
				return "", err
			}
			if !strings.HasPrefix(f.Name(), at("b.part-")) {
				t.Errorf("it is called %s", f.Name())
			}
			return f.Name(), f.Close()
		}},
		{"a socket", func() (string, error) {
			ln, err := new(net.ListenConfig).Listen(t.Context(), "unix", at("c"))
			if err != nil {
				return "", err
			}
			t.Cleanup(func() { _ = ln.Close() })
			return at("c"), private.Socket(at("c"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name, err := tt.make()
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
		})
	}
}

func TestWhatIsThereIsOpenedAsItIs(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(name, []byte("there"), 0o640); err != nil { //nolint:gosec // what is tested
		t.Fatal(err)
	}
	f, err := private.OpenFile(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || info.Size() != 5 || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info, err)
	}
	if err := private.Socket(name + ".none"); err == nil {
		t.Error("a socket that is not there was protected")
	}
}
