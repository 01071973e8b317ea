package sources

import (
	"net/url"
	"path"
	"strings"

	"keypull/pull/what"
)

// MediaTypeOf returns what the name of a file says that it is.
func MediaTypeOf(link string) (what.MediaType, bool) {
	u, err := url.Parse(link)
	if err != nil {
		return "", false
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif":
		return what.Image, true
	case ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".aac":
		return what.Sound, true
	case ".mp4", ".m4v", ".webm", ".mov", ".m3u8":
		return what.Video, true
	case ".pdf", ".epub", ".docx", ".xlsx", ".odt", ".zip":
		return what.Document, true
	}
	return "", false
}
