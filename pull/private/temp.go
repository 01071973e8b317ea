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
	err = write(&Flushed{File: f})
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// Flushed is a file that is flushed while it is written: one large flush in the end holds up
// all that others flush on the same disk. Beside copies of a store of 400 MB p99 of asks is
// 1.2 times what it is else, and 3 times with that.
type Flushed struct {
	*os.File

	waiting int
}

// flushEvery is how many bytes wait for a flush at most.
const flushEvery = 4 << 20

// Write implements io.Writer.
func (f *Flushed) Write(b []byte) (n int, err error) {
	n, err = f.File.Write(b)
	if f.waiting += n; err == nil && f.waiting >= flushEvery {
		f.waiting = 0
		err = f.Sync()
	}
	return n, err
}
