package private

import (
	"crypto/rand"
	"errors"
	"io"
	"os"
)

// Beside makes a new file beside another one, to be renamed to it when it is
// whole. Nobody else may read it.
func Beside(path string) (*os.File, error) {
	return OpenFile(path+".part-"+rand.Text(), os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

// WriteBeside makes such a file of what write writes, on the disk, and returns its name. It
// leaves none where that fails.
func WriteBeside(path string, write func(io.Writer) error) (part string, err error) {
	f, err := Beside(path)
	if err != nil {
		return "", err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}
