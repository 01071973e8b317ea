package teams

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"

	"keypull/web/messengers"
)

// What a manifest takes: its lengths in characters.
const (
	schema          = "https://developer.microsoft.com/json-schemas/teams/v1.16/"
	manifestVersion = "1.16"
	maxCommands     = 10
	maxTitle        = 32
	maxDescription  = 128
	maxShortName    = 30
	maxFullName     = 100
	maxShort        = 80
	maxFull         = 4000
)

type manifest struct {
	Schema       string            `json:"$schema"`
	Version      string            `json:"manifestVersion"`
	Own          string            `json:"version"`
	ID           string            `json:"id"`
	Developer    map[string]string `json:"developer"`
	Name         lengths           `json:"name"`
	Description  lengths           `json:"description"`
	Icons        map[string]string `json:"icons"`
	Accent       string            `json:"accentColor"`
	Bots         []listed          `json:"bots"`
	Permissions  []string          `json:"permissions"`
	Domains      []string          `json:"validDomains"`
	Localisation *localisation     `json:"localizationInfo,omitempty"`
}

type lengths struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type listed struct {
	ID       string     `json:"botId"`
	Scopes   []string   `json:"scopes"`
	Notifies bool       `json:"isNotificationOnly"`
	Files    bool       `json:"supportsFiles"`
	Commands []commands `json:"commandLists,omitempty"`
}

type commands struct {
	Scopes   []string  `json:"scopes"`
	Commands []command `json:"commands"`
}

type command struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

type localisation struct {
	Default string       `json:"defaultLanguageTag"`
	More    []translated `json:"additionalLanguages,omitempty"`
}

type translated struct {
	Tag  string `json:"languageTag"`
	File string `json:"file"`
}

// Pack returns the app package that is uploaded to Teams: who the bot is, and a
// command list of what can be asked, in each of the publisher's languages.
func (b *Bot) Pack(f messengers.Profile) ([]messengers.File, error) {
	if len(f.Languages) == 0 {
		f.Languages = []string{"en"}
	}
	main := f.Languages[0]
	m := b.manifest(f, main)
	files := []messengers.File{{Name: "color.png", Body: picture(192, accent)}, {Name: "outline.png", Body: picture(32, color.NRGBA{})}}
	m.Localisation = &localisation{Default: main}
	for _, language := range f.Languages[1:] {
		if len(f.Words[language]) != len(f.Words[main]) {
			continue // a file of a language is of the same entries
		}
		name := language + ".json"
		m.Localisation.More = append(m.Localisation.More, translated{language, name})
		files = append(files, messengers.File{Name: name, Body: b.manifest(f, language).translation()})
	}
	files = append([]messengers.File{{Name: "manifest.json", Body: indented(m)}}, files...)
	packed, err := zipped(files)
	if err != nil {
		return nil, fmt.Errorf("teams: pack the app: %w", err)
	}
	return []messengers.File{{Name: "teams-app.zip", Body: packed}}, nil
}

func (b *Bot) manifest(f messengers.Profile, language string) manifest {
	name, about := cmp.Or(f.Name, "keypull"), cmp.Or(f.Greeting[language], f.Name, "keypull")
	site := "https://example.org"
	if u, err := url.Parse(b.hook); err == nil && u.Host != "" {
		site = "https://" + u.Host
	}
	scopes := []string{"personal", "team", "groupChat"}
	m := manifest{
		Schema: schema + "MicrosoftTeams.schema.json", Version: manifestVersion, Own: "1.0.0", ID: b.app.id,
		Developer: map[string]string{"name": messengers.Short(name, maxTitle), "websiteUrl": site, "privacyUrl": site, "termsOfUseUrl": site},
		Name:      lengths{messengers.Short(name, maxShortName), messengers.Short(name, maxFullName)}, Description: lengths{messengers.Short(about, maxShort), messengers.Short(about, maxFull)},
		Icons: map[string]string{"color": "color.png", "outline": "outline.png"}, Accent: fmt.Sprintf("#%02X%02X%02X", accent.R, accent.G, accent.B),
		Bots: []listed{{ID: b.app.id, Scopes: scopes}}, Permissions: []string{"identity", "messageTeamMembers"}, Domains: []string{},
	}
	var list []command
	for _, w := range f.Words[language] {
		if len(list) < maxCommands && w.Label != "" {
			list = append(list, command{messengers.Short(w.Label, maxTitle), messengers.Short(w.Label, maxDescription)})
		}
	}
	if word := f.Command[language]; word != "" {
		list = append(list, command{messengers.Short(word, maxTitle), messengers.Short(word, maxDescription)})
	}
	if len(list) > 0 {
		m.Bots[0].Commands = []commands{{scopes, list}}
	}
	return m
}

// translation returns what a manifest says in one language.
func (m manifest) translation() []byte {
	said := map[string]string{
		"$schema":    schema + "MicrosoftTeams.Localization.schema.json",
		"name.short": m.Name.Short, "name.full": m.Name.Full, "description.short": m.Description.Short, "description.full": m.Description.Full,
	}
	for _, list := range m.Bots[0].Commands {
		for i, c := range list.Commands {
			at := fmt.Sprintf("bots[0].commandLists[0].commands[%d].", i)
			said[at+"title"], said[at+"description"] = c.Title, c.Description
		}
	}
	return indented(said)
}

func indented(v any) []byte {
	var b bytes.Buffer
	_ = json.Indent(&b, messengers.JSON(v), "", "  ") // it was written as JSON
	return b.Bytes()
}

func zipped(files []messengers.File) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Body); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// accent is the colour of the icon.
var accent = color.NRGBA{R: 0x33, G: 0x44, B: 0x8A, A: 0xFF}

// picture returns an icon: a white bubble on a ground.
func picture(size int, ground color.NRGBA) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			c := ground
			bubble := x > size/6 && x < size-size/6 && y > size/5 && y < size*2/3
			tail := y >= size*2/3 && y < size*5/6 && x > size/4 && x-size/4 < size*5/6-y
			if bubble || tail {
				c = color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory, it can't fail
	return b.Bytes()
}
