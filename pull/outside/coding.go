package outside

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

const (
	// accepted are the codings that are asked for. Deflate is read as well, which
	// some servers send unasked.
	accepted = "gzip, br, zstd"
	// maxCodings is how many may lie in each other.
	maxCodings = 2
	// maxWindow is how far back a zstd body may refer: RFC 9659 has servers keep
	// to that.
	maxWindow = 8 << 20
)

// contentCodings lists those of a body, the outermost first.
func contentCodings(h http.Header) ([]string, error) {
	var names []string
	for name := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "", "identity", "none", "utf-8":
		case "gzip", "x-gzip", "br", "zstd", "deflate":
			names = append([]string{strings.TrimPrefix(name, "x-")}, names...)
		default:
			return nil, fmt.Errorf("%w %.40q", errCoding, name)
		}
	}
	if len(names) > maxCodings {
		return nil, fmt.Errorf("%w: %d of them", errCoding, len(names))
	}
	return names, nil
}

// newDecoders takes codings off; done gives back what it holds. An empty body is
// io.EOF.
func newDecoders(r io.Reader, names []string, limit int64) (decoded io.Reader, done func(), err error) {
	var all []func()
	done = func() {
		for i := len(all) - 1; i >= 0; i-- {
			all[i]()
		}
	}
	for i, name := range names {
		if i > 0 {
			// What lies between grows as little as the whole.
			r = &counted{r: r, limit: limit}
		}
		var end func()
		if r, end, err = newDecoder(r, name); err != nil {
			return nil, done, err
		}
		all = append(all, end)
	}
	return r, done, nil
}

// newDecoder takes one coding off. A body that is plainly none of it, although the
// header says so, is read as it is.
func newDecoder(r io.Reader, name string) (io.Reader, func(), error) {
	in := bufio.NewReaderSize(r, readStep)
	begin, err := in.Peek(4)
	if len(begin) == 0 {
		return nil, nil, err
	}
	switch name {
	case "gzip":
		if !bytes.HasPrefix(begin, []byte{0x1f, 0x8b}) && isDocument(begin) {
			return in, func() {}, nil
		}
		z, err := newUnzipper(in)
		return z, func() { unzippers.Put(z) }, err
	case "deflate":
		if len(begin) > 1 && begin[0]&0x0f == 8 && (int(begin[0])<<8|int(begin[1]))%31 == 0 {
			z, err := zlib.NewReader(in)
			return z, func() {}, err
		}
		return flate.NewReader(in), func() {}, nil
	case "zstd":
		if !zstdMagic(begin) && isDocument(begin) {
			return in, func() {}, nil
		}
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	z := brotlis.Get().(*brotli.Reader) //nolint:forcetypeassert // the pool holds nothing else
	return z, func() { _ = z.Reset(bytes.NewReader(nil)); brotlis.Put(z) }, z.Reset(in)
}

// zstdMagic tells a frame of zstd, or one to be skipped, by its first bytes.
func zstdMagic(begin []byte) bool {
	return bytes.Equal(begin, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		len(begin) == 4 && begin[0]&0xf0 == 0x50 && bytes.Equal(begin[1:], []byte{0x2a, 0x4d, 0x18})
}

// isDocument says whether a body begins like a document.
func isDocument(begin []byte) bool {
	for _, c := range begin {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	first := bytes.TrimLeft(begin, " \r\n\t\xEF\xBB\xBF")
	return len(first) == 0 || first[0] == '<' || first[0] == '{' || first[0] == '['
}

var brotlis = sync.Pool{New: func() any { return brotli.NewReader(bytes.NewReader(nil)) }}

var unzippers sync.Pool

func newUnzipper(r io.Reader) (*gzip.Reader, error) {
	if z, ok := unzippers.Get().(*gzip.Reader); ok {
		return z, z.Reset(r)
	}
	return gzip.NewReader(r)
}
