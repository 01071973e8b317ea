package private

import (
	"crypto/rand"
	"os"
)

// Beside makes a new file beside another one, to be renamed to it when it is
// whole. Nobody else may read it.
func Beside(path string) (*os.File, error) {
	return OpenFile(path+".part-"+rand.Text(), os.O_RDWR|os.O_CREATE|os.O_EXCL)
}
