package sources

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// Presets reads what a kind knows of services and systems: a JSON file each, by its
// name. One that can't be read is left out, which a test of the kind tells.
func Presets[T any](files fs.FS) map[string]T {
	all := map[string]T{}
	names, _ := fs.Glob(files, "presets/*.json") // the pattern is one
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		var preset T
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if d.Decode(&preset) == nil {
			all[strings.TrimSuffix(path.Base(name), ".json")] = preset
		}
	}
	return all
}
