package pages

import (
	"embed"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"keypull/pull/words"
	"keypull/web/packed"
)

// StaticPath is where the static files lie, a slash at its end.
const StaticPath = "/console/static/"

//go:embed static/*.css static/*.js static/*.svg static/*.png static/*.webmanifest
var static embed.FS

// assets reads and packs all files once.
var assets = sync.OnceValue(func() map[string]packed.File {
	entries, err := static.ReadDir("static")
	if err != nil {
		return nil
	}
	all := make(map[string]packed.File, len(entries))
	for _, e := range entries {
		text, err := static.ReadFile("static/" + e.Name())
		if err != nil {
			continue
		}
		all[e.Name()] = packed.New(contentType(e.Name()), text)
	}
	return all
})

// icons are the names in the sprite.
var icons = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, part := range strings.Split(string(assets()["icons.svg"].Plain), `<symbol id="`)[1:] {
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
	case ".png":
		return "image/png"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		return "image/svg+xml"
	}
}

// Asset returns the address of a static file with the hash of its content, so that
// browsers may keep it for ever. An unknown name leads nowhere.
func Asset(name string) string {
	a, ok := assets()[name]
	if !ok {
		return StaticPath + name
	}
	return StaticPath + name + "?v=" + a.Tag
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
	h.Set("Content-Type", a.Kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	// An address with another hash is of another version: it must not be
	// kept under that name.
	if r.URL.Query().Get("v") == a.Tag {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	form := a.For(r.Header.Values("Accept-Encoding"), r.Header.Values("If-None-Match"))
	h.Set("ETag", form.ETag)
	if form.Known {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if form.Encoding != "" {
		h.Set("Content-Encoding", form.Encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(form.Body)))
	if r.Method == http.MethodHead {
		return
	}
	// A browser that hung up needs no answer.
	_, _ = w.Write(form.Body)
}
