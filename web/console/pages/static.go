package pages

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"keypull/pull/words"
)

// StaticPath is where the static files lie, a slash at its end.
const StaticPath = "/console/static/"

//go:embed static/*.css static/*.js static/*.svg
var static embed.FS

// asset is a file as it is sent.
type asset struct {
	kind, tag    string
	plain, small []byte
}

// assets reads, hashes and compresses all files once.
var assets = sync.OnceValue(func() map[string]asset {
	entries, err := static.ReadDir("static")
	if err != nil {
		return nil
	}
	all := make(map[string]asset, len(entries))
	for _, e := range entries {
		text, err := static.ReadFile("static/" + e.Name())
		if err != nil {
			continue
		}
		sum := sha256.Sum256(text)
		all[e.Name()] = asset{kind: contentType(e.Name()), tag: hex.EncodeToString(sum[:6]), plain: text, small: compress(text)}
	}
	return all
})

// icons are the names in the sprite.
var icons = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, part := range strings.Split(string(assets()["icons.svg"].plain), `<symbol id="`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		names[name] = true
	}
	return names
})

func hasIcon(name string) bool { return icons()[name] }

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return "image/svg+xml"
	}
}

// compress returns nil where compression saves nothing.
func compress(text []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(text); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || b.Len() >= len(text) {
		return nil
	}
	return b.Bytes()
}

// Asset is the address of a static file with the hash of its content, so that
// browsers may keep it for ever. A name that is none leads nowhere.
func Asset(name string) string {
	a, ok := assets()[name]
	if !ok {
		return StaticPath + name
	}
	return StaticPath + name + "?v=" + a.tag
}

// Static answers GET and HEAD for the files below StaticPath.
func Static() http.Handler { return http.HandlerFunc(serveStatic) }

func serveStatic(w http.ResponseWriter, r *http.Request) {
	a, ok := assets()[strings.TrimPrefix(r.URL.Path, StaticPath)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, words.Text{Key: "web.read_only"}.In(words.Accepted(r.Header.Get("Accept-Language"))), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	// An address with another hash is of another version: it must not be
	// kept under that name.
	if r.URL.Query().Get("v") == a.tag {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, tag := a.plain, `"`+a.tag+`"`
	if a.small != nil && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		body, tag = a.small, `"`+a.tag+`-gz"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	if matches(r.Header.Values("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	// A browser that hung up needs no answer.
	_, _ = w.Write(body)
}

// acceptsGzip reads Accept-Encoding; q=0 refuses.
func acceptsGzip(headers []string) bool {
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "gzip" && name != "*" {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && weight > 0
	}
	return false
}

func matches(headers []string, tag string) bool {
	given := strings.Split(strings.Join(headers, ","), ",")
	return slices.ContainsFunc(given, func(one string) bool {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		return one == tag || one == "*"
	})
}
