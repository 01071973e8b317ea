package pages_test

import (
	"encoding/json"
	"image"
	_ "image/png"
	"net/http"
	"strings"
	"testing"

	"keypull/web/console/pages"
)

func TestTheConsoleCanBeInstalled(t *testing.T) {
	w := fetch(t, http.MethodGet, pages.Asset("manifest.webmanifest"))
	var manifest struct {
		Name    string `json:"name"`
		Start   string `json:"start_url"`
		Scope   string `json:"scope"`
		Display string `json:"display"`
		Icons   []struct{ Src, Sizes, Type, Purpose string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Name == "" || manifest.Start != "/console" || !strings.HasPrefix(manifest.Start, manifest.Scope) || manifest.Display != "standalone" {
		t.Errorf("%+v", manifest)
	}
	sizes := map[string]bool{}
	for _, icon := range manifest.Icons {
		got := fetch(t, http.MethodGet, pages.StaticPath+icon.Src)
		if got.Code != http.StatusOK || got.Header().Get("Content-Type") != icon.Type {
			t.Errorf("%s: %d, %s", icon.Src, got.Code, got.Header().Get("Content-Type"))
		}
		sizes[icon.Sizes+" "+icon.Purpose] = true
		if icon.Type != "image/png" {
			continue
		}
		drawn, _, err := image.DecodeConfig(got.Body)
		if err != nil {
			t.Errorf("%s: %v", icon.Src, err)
		}
		if want, _, _ := strings.Cut(icon.Sizes, "x"); drawn.Width != drawn.Height || want != map[int]string{192: "192", 512: "512"}[drawn.Width] {
			t.Errorf("%s is %d by %d, told are %s", icon.Src, drawn.Width, drawn.Height, icon.Sizes)
		}
	}
	for _, size := range []string{"192x192 ", "512x512 ", "512x512 maskable"} {
		if !sizes[size] {
			t.Errorf("there is no icon of %s", size)
		}
	}
}
