package teams

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

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

// Pack returns the app package that is uploaded to Teams: who the bot is, and a
// command list of what can be asked, in each of the publisher's languages.
func (b *Bot) Pack(f messengers.Profile) ([]messengers.File, error) {
	main := f.Language()
	inside := map[string][]byte{}
	var more []map[string]string
	for _, language := range f.Languages {
		if language == main || len(f.Words[language]) != len(f.Words[main]) {
			continue // a file of a language is of the same entries
		}
		texts, _ := textsOf(f, language)
		texts["$schema"] = schema + "MicrosoftTeams.Localization.schema.json"
		name := language + ".json"
		more, inside[name] = append(more, map[string]string{"languageTag": language, "file": name}), indented(texts)
	}
	m := b.manifest(f, main)
	localisation := map[string]any{"defaultLanguageTag": main}
	if m["localizationInfo"] = localisation; len(more) > 0 {
		localisation["additionalLanguages"] = more
	}
	inside["manifest.json"] = indented(m)
	for _, icon := range icons {
		inside[icon], _ = files.ReadFile(icon) // it is embedded
	}
	packed, err := zipped(inside)
	if err != nil {
		return nil, fmt.Errorf("teams: pack the app: %w", err)
	}
	return []messengers.File{{Name: "teams-app.zip", Body: packed}}, nil
}

// icons are files of the kind.
var icons = map[string]string{"color": "color.png", "outline": "outline.png"}

// manifest describes the app, without its further languages.
func (b *Bot) manifest(f messengers.Profile, language string) map[string]any {
	site := "https://example.org"
	if u, err := url.Parse(b.hook); err == nil && u.Host != "" {
		site = "https://" + u.Host
	}
	texts, commands := textsOf(f, language)
	scopes := []string{"personal", "team", "groupChat"}
	bot := map[string]any{"botId": b.app.id, "scopes": scopes, "isNotificationOnly": false, "supportsFiles": false}
	if len(commands) > 0 {
		bot["commandLists"] = []any{map[string]any{"scopes": scopes, "commands": commands}}
	}
	m := map[string]any{
		"$schema": schema + "MicrosoftTeams.schema.json", "manifestVersion": manifestVersion, "version": "1.0.0", "id": b.app.id,
		"developer": map[string]string{
			"name": messengers.Short(cmp.Or(f.Name, "keypull"), maxTitle), "websiteUrl": site, "privacyUrl": site, "termsOfUseUrl": site,
		},
		"name":        map[string]string{"short": texts["name.short"], "full": texts["name.full"]},
		"description": map[string]string{"short": texts["description.short"], "full": texts["description.full"]},
		"icons":       icons, "accentColor": "#33448A",
		"bots": []any{bot}, "permissions": []string{"identity", "messageTeamMembers"}, "validDomains": []string{},
	}
	if f.Threads {
		// By this the bot hears in the teams that it is in what does not name it.
		m["webApplicationInfo"] = map[string]string{"id": b.app.id, "resource": "https://notapplicable"}
		m["authorization"] = map[string]any{"permissions": map[string]any{
			"resourceSpecific": []any{map[string]string{"name": "ChannelMessage.Read.Group", "type": "Application"}},
		}}
	}
	return m
}

type command struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

// textsOf returns what a manifest says in one language, by the names that its
// translations have for that, and its commands.
func textsOf(f messengers.Profile, language string) (texts map[string]string, commands []command) {
	name, about := cmp.Or(f.Name, "keypull"), cmp.Or(f.Greeting[language], f.Name, "keypull")
	texts = map[string]string{
		"name.short": messengers.Short(name, maxShortName), "name.full": messengers.Short(name, maxFullName),
		"description.short": messengers.Short(about, maxShort), "description.full": messengers.Short(about, maxFull),
	}
	labels := []string{}
	for _, w := range f.Words[language] {
		if len(labels) < maxCommands && w.Label != "" {
			labels = append(labels, w.Label)
		}
	}
	if menu := f.Command[language]; menu != "" {
		labels = append(labels, menu)
	}
	for i, label := range labels {
		c := command{messengers.Short(label, maxTitle), messengers.Short(label, maxDescription)}
		at := fmt.Sprintf("bots[0].commandLists[0].commands[%d].", i)
		commands, texts[at+"title"], texts[at+"description"] = append(commands, c), c.Title, c.Description
	}
	return texts, commands
}

func indented(v any) []byte {
	var b bytes.Buffer
	_ = json.Indent(&b, messengers.JSON(v), "", "  ") // it was written as JSON
	return b.Bytes()
}

func zipped(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}
