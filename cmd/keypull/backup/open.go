package backup

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/store"
)

// half is one that is read.
type half struct {
	Manifest
	path string
	copy Copy
	zip  *zip.Reader
}

// openHalf opens a half of that kind. The errors are sentences.
func openHalf(ctx context.Context, path, kind string, o *RestoreOptions) (*half, error) {
	c, path, err := openCopy(ctx, path, kind, o.S3)
	if err != nil {
		return nil, err
	}
	h := &half{path: path, copy: c}
	if err := h.decrypt(o.Identities); err != nil {
		h.close()
		return nil, err
	}
	if err := h.judge(kind, o.Version); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// decrypt reads what the half says of itself.
func (h *half) decrypt(who []age.Identity) error {
	plain, size, err := age.DecryptReaderAt(h.copy, h.copy.Size, who...)
	var locked *age.NoIdentityMatchError
	switch {
	case errors.As(err, &locked):
		return words.Fail(err, "backup.locked", words.Args{"file": h.path})
	case err != nil:
		return h.damaged(err)
	}
	if h.zip, err = zip.NewReader(plain, size); err != nil {
		return h.damaged(err)
	}
	return h.readMember(manifestMember, func(r io.Reader) error { return json.NewDecoder(r).Decode(&h.Manifest) })
}

// judge refuses what is not the half that is wanted, or one of a later version.
func (h *half) judge(kind, version string) error {
	switch {
	case h.Format > format || laterVersion(h.Version, version):
		return words.Fail(nil, "backup.newer", words.Args{"file": h.path, "version": h.Version, "own": version})
	case h.Half != kind && kind == newestHalf:
		return words.Fail(nil, "backup.no_newest", words.Args{"file": h.path})
	case h.Half != kind:
		return words.Fail(nil, "backup.no_archive", words.Args{"file": h.path})
	case !isFileName(h.Store), !isFileName(h.Keys):
		return h.damaged(errors.New("its files have no names"))
	}
	return nil
}

func isFileName(name string) bool {
	return name != "" && name != "." && name != ".." && filepath.Base(name) == name
}

// laterVersion says that a is a later release than b.
func laterVersion(a, b string) bool {
	x, y := cli.Release(a), cli.Release(b)
	return slices.Compare(x[:], y[:]) > 0
}

func (h *half) damaged(err error) error {
	var said *words.Failure
	if errors.As(err, &said) {
		return said // of the place it was read from, or that it was written to
	}
	return words.Fail(fmt.Errorf("%w: %w", store.ErrDamaged, err), "backup.damaged", words.Args{"file": h.path})
}

// readMember calls f with a member; whatever keeps it from being read whole is damage.
func (h *half) readMember(name string, f func(io.Reader) error) error {
	r, err := h.zip.Open(name)
	if err != nil {
		return h.damaged(err)
	}
	err = f(r)
	if err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return h.damaged(err)
	}
	return nil
}

// extract writes a member to a new file.
func (h *half) extract(name, path string) error {
	return h.readMember(name, func(r io.Reader) error {
		_, err := replaceFile(path, func(w io.Writer) error {
			_, err := io.Copy(w, r)
			return err
		})
		return err
	})
}

func (h *half) close() { _ = h.copy.Close() } // it was only read
