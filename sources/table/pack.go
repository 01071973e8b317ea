package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// Bounds of a workbook, which is a zip archive of XML: a small one can hold
// gigabytes, or elements without end.
const (
	maxParts    = 2000
	maxPart     = 32 << 20
	maxUnpacked = 48 << 20
	// maxTexts bounds the texts that cells share.
	maxTexts   = 400_000
	maxNesting = 64
)

// archive is a workbook's archive.
type archive struct {
	files map[string]*zip.File
	// left is how many bytes may still be unpacked.
	left int64
}

func openArchive(body []byte) (*archive, error) {
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(r.File) > maxParts {
		return nil, unusableError("damaged", nil)
	}
	p := &archive{files: map[string]*zip.File{}, left: maxUnpacked}
	for _, f := range r.File {
		p.files[strings.ToLower(path.Clean(strings.TrimPrefix(f.Name, "/")))] = f
	}
	return p, nil
}

// errDone ends a walk early.
var errDone = errors.New("enough was read")

// errLarge is what is behind the end of what may be unpacked.
var errLarge = errors.New("too much is packed")

// limited reads a part until the bounds.
type limited struct {
	from io.Reader
	part int64
	pack *archive
}

// Read reads no more than may be unpacked.
func (l *limited) Read(p []byte) (int, error) {
	if l.part <= 0 || l.pack.left <= 0 {
		return 0, errLarge
	}
	n, err := l.from.Read(p[:min(int64(len(p)), l.part, l.pack.left)])
	l.part -= int64(n)
	l.pack.left -= int64(n)
	return n, err //nolint:wrapcheck // as the archive has it
}

func (p *archive) hasPart(name string) bool { return p.files[strings.ToLower(name)] != nil }

// walkPart shows the elements and texts of a part one after another. A part that is
// not there has none.
func (p *archive) walkPart(name string, see func(xml.Token) error) error {
	f := p.files[strings.ToLower(path.Clean(strings.TrimPrefix(name, "/")))]
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return unusableError("damaged", nil)
	}
	defer func() { _ = in.Close() }() // it is only read
	d := xml.NewDecoder(&limited{from: in, part: maxPart, pack: p})
	for depth := 0; ; {
		token, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLarge):
			return unusableError("too_large", nil)
		case err != nil:
			return unusableError("damaged", nil)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxNesting {
			return unusableError("damaged", nil)
		}
		if err := see(token); errors.Is(err, errDone) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// attributeOf returns the value of an attribute by its local name.
func attributeOf(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
