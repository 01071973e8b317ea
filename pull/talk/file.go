package talk

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/what"
)

// Limits of the files of a conversation.
const (
	// MaxFile is how large one may be, MaxFiles how many come with a line.
	MaxFile  = 10 << 20
	MaxFiles = 5
	// MaxHeld is how much of them is kept of a conversation, and MaxHeldOfAll of all of a
	// publisher's.
	MaxHeld      = 40 << 20
	MaxHeldOfAll = 2 << 30
)

// File is one that came with a line.
type File struct {
	// Token is of 128 random bits: whoever shows it gets the file.
	Token string         `json:"token"`
	Type  what.MediaType `json:"type"`
	Name  string         `json:"name,omitempty"`
	Mime  string         `json:"mime,omitempty"`
	Bytes int64          `json:"bytes,omitempty"`
	// From is where it is fetched; empty once that was done.
	From what.Media `json:"from,omitzero"`
	// Lost is the sentence, by its key, that says why it is not there; empty while it is.
	Lost string `json:"lost,omitempty"`
}

// Unfetched reports whether it is to be fetched still.
func (f *File) Unfetched() bool { return f.Lost == "" && (f.From.Ref != "" || f.From.URL != "") }

// There reports whether it is kept.
func (f *File) There() bool { return f.Lost == "" && !f.Unfetched() }

// Held is what of a kept file can be known without opening it.
type Held struct {
	// Mark is the fingerprint of its token.
	Mark  string `json:"mark"`
	Bytes int64  `json:"bytes"`
}

// HeldBytes returns how much is kept of the files of a conversation.
func (h *Head) HeldBytes() (n int64) {
	for _, f := range h.Held {
		n += f.Bytes
	}
	return n
}

// findUnfetched returns the first line with a file that is to be fetched, and that file; nil
// where there is none.
func (t *Talk) findUnfetched() (*Line, *File) {
	for i := range t.Said {
		l := &t.Said[i]
		if n := slices.IndexFunc(l.Files, func(f File) bool { return f.Unfetched() }); n >= 0 {
			return l, &l.Files[n]
		}
	}
	return nil, nil
}

// NextFile returns the file that is fetched next, and whose line it came with; false where none
// is.
func (t *Talk) NextFile() (f File, of Line, ok bool) {
	l, at := t.findUnfetched()
	if at == nil {
		return f, of, false
	}
	return *at, *l, true
}

// Fetched notes what became of a file: it is kept, or lost. What of others is too much is lost as
// well, the oldest first: their marks are returned.
func (t *Talk) Fetched(f File) (dropped []string) {
	f.From = what.Media{}
	for i := range t.Said {
		for n := range t.Said[i].Files {
			if t.Said[i].Files[n].Token == f.Token {
				t.Said[i].Files[n] = f
			}
		}
	}
	if f.Lost == "" {
		t.Held = append(t.Held, Held{Fingerprint(f.Token), f.Bytes})
	}
	for t.HeldBytes() > MaxHeld {
		dropped = append(dropped, t.Held[0].Mark)
		t.Held = t.Held[1:]
	}
	t.dropLines()
	dropped = append(dropped, t.looseFiles()...)
	_, left := t.findUnfetched()
	t.Unfetched = left != nil
	return dropped
}

// looseFiles drops what is kept of no line any more, notes of lines which files are not kept, and
// returns the marks of the former.
func (t *Talk) looseFiles() (loose []string) {
	named := map[string]bool{}
	for i := range t.Said {
		for n := range t.Said[i].Files {
			f := &t.Said[i].Files[n]
			mark := Fingerprint(f.Token)
			named[mark] = true
			if f.There() && !slices.ContainsFunc(t.Held, func(h Held) bool { return h.Mark == mark }) {
				f.Lost = "file.dropped"
			}
		}
	}
	t.Held = slices.DeleteFunc(t.Held, func(h Held) bool {
		if !named[h.Mark] {
			loose = append(loose, h.Mark)
		}
		return !named[h.Mark]
	})
	return loose
}

// FileOf returns the file of a token, and whether it is kept.
func (t *Talk) FileOf(token string) (File, bool) {
	for i := range t.Said {
		for _, f := range t.Said[i].Files {
			if f.Token == token && f.There() {
				return f, true
			}
		}
	}
	return File{}, false
}

// kinds are the files that are passed on, by what their bytes say that they are.
var kinds = map[string]what.MediaType{ //nolint:gochecknoglobals // it does not change
	"image/jpeg": what.Image, "image/png": what.Image, "image/gif": what.Image, "image/webp": what.Image, "image/heic": what.Image,
	"audio/mpeg": what.Sound, "audio/wave": what.Sound, "application/ogg": what.Sound, "audio/amr": what.Sound, "audio/mp4": what.Sound, "audio/aac": what.Sound,
	"video/mp4": what.Video, "video/webm": what.Video, "video/3gpp": what.Video, "video/quicktime": what.Video,
	"application/pdf": what.Document, "text/plain": what.Document,
}

// packed are the documents that are an archive inside, by the ends of their names.
var packed = map[string]string{ //nolint:gochecknoglobals // it does not change
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text",
	".ods":  "application/vnd.oasis.opendocument.spreadsheet",
}

// brands are the forms of MPEG-4 by the word that their bytes begin with.
var brands = map[string]string{ //nolint:gochecknoglobals // it does not change
	"heic": "image/heic", "heix": "image/heic", "mif1": "image/heic", "M4A ": "audio/mp4", "M4B ": "audio/mp4", "qt  ": "video/quicktime",
}

// ends are how the names of files end, by what these are.
var ends = map[string]string{ //nolint:gochecknoglobals // it does not change
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
	"audio/mpeg": ".mp3", "audio/wave": ".wav", "application/ogg": ".ogg", "audio/amr": ".amr", "audio/mp4": ".m4a", "audio/aac": ".aac",
	"video/mp4": ".mp4", "video/webm": ".webm", "video/3gpp": ".3gp", "video/quicktime": ".mov",
	"application/pdf": ".pdf", "text/plain": ".txt",
}

// kindOf returns what bytes are, whatever they are said to be; "" of what is not passed on.
func kindOf(name string, body []byte) string {
	switch {
	case len(body) > 12 && string(body[4:8]) == "ftyp":
		brand := string(body[8:12])
		if strings.HasPrefix(brand, "3gp") || strings.HasPrefix(brand, "3g2") {
			return "video/3gpp"
		}
		if kind := brands[brand]; kind != "" {
			return kind
		}
		return "video/mp4"
	case bytes.HasPrefix(body, []byte("#!AMR")):
		return "audio/amr"
	case len(body) > 2 && body[0] == 0xff && body[1]&0xf6 == 0xf0:
		return "audio/aac"
	case len(body) > 2 && body[0] == 0xff && body[1]&0xe6 == 0xe2: // frames of MPEG without a label before them
		return "audio/mpeg"
	}
	kind, _, _ := strings.Cut(http.DetectContentType(body), ";")
	switch {
	case kind == "application/zip":
		return packed[strings.ToLower(path.Ext(name))]
	case kind == "text/plain" && (!utf8.Valid(body) || !isPlain(name)):
		return ""
	case kinds[kind] == "":
		return ""
	}
	return kind
}

// isPlain reports whether a file of text is said to be nothing but that.
func isPlain(name string) bool {
	return slices.Contains([]string{"", ".txt", ".csv", ".log", ".md"}, strings.ToLower(path.Ext(name)))
}

// Check reads what a file is from its bytes, and names it so that no program takes it for
// something else. Lost says why it is not passed on.
func (f *File) Check(body []byte) {
	f.Bytes = int64(len(body))
	switch f.Mime = kindOf(f.Name, body); {
	case len(body) == 0:
		f.Lost = "file.empty"
	case len(body) > MaxFile:
		f.Lost = "file.large"
	case f.Mime == "":
		f.Lost = "file.kind"
	default:
		if f.Type = kinds[f.Mime]; f.Type == "" {
			f.Type = what.Document
		}
		f.Name = f.nameFor()
	}
}

// nameFor returns the name of a file without what no file system takes, and with the end that says
// what it is.
func (f *File) nameFor() string {
	const most = 80
	end := strings.ToLower(path.Ext(f.Name))
	base := strings.TrimSuffix(path.Base(strings.ReplaceAll(f.Name, `\`, "/")), path.Ext(f.Name))
	base = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|;%`, r) {
			return -1
		}
		return r
	}, base)
	if base = clip(strings.Trim(base, ". "), most); base == "" {
		base = string(f.Type)
	}
	switch of := ends[f.Mime]; {
	case packed[end] == f.Mime, f.Mime == "text/plain" && end != "" && isPlain(end):
		return base + end
	default:
		return base + of
	}
}
