package settings

import (
	"io/fs"
	"strings"
)

// Icon returns the picture of a kind that lies as "icon.svg" among its files: an
// SVG document that begins with "<svg ", drawn in currentColor, or "" if there is
// none.
func Icon(files fs.FS) string {
	if files == nil {
		return ""
	}
	icon, _ := fs.ReadFile(files, "icon.svg") // without, there is none
	return strings.TrimSpace(string(icon))
}
