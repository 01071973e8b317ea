package telegram

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"keypull/pull/what/textform"
	"keypull/web/messengers"
)

// How long Telegram lets a description, its short form, and a command with what
// stands beside it be (Bot API).
const (
	longDescription  = 512
	shortDescription = 120
	commandLetters   = 32
	commandHelp      = 256
)

// SyncProfile compares and puts right where updates go and which, what stands on the
// bot's page, its commands in each language, and the menu button.
func (b *Bot) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	if !strings.HasPrefix(b.hook, "https://") {
		return nil, messengers.Invalid(own.Text("no_https", nil))
	}
	return b.fronts(ctx, f, mend, b.hook)
}

// SyncProfile returns that of a bot without webhook.
func (p *Poller) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	return p.fronts(ctx, f, mend, "")
}

// part is one thing that Telegram keeps of a bot.
type part struct {
	messengers.Drift
	// set and body are the call that puts it right.
	set  string
	body any
}

func (b *Bot) fronts(ctx context.Context, f messengers.Profile, mend bool, hook string) (found []messengers.Drift, err error) {
	parts, err := b.hooked(ctx, hook)
	if err != nil {
		return nil, b.Tried(err)
	}
	for i, language := range f.Languages {
		said, err := b.told(ctx, f, language, i == 0)
		if err != nil {
			return nil, b.Tried(err)
		}
		parts = append(parts, said...)
	}
	button, err := b.button(ctx)
	if err != nil {
		return nil, b.Tried(err)
	}
	for _, p := range append(parts, button) {
		if p.Has == p.Wants {
			continue
		}
		if mend {
			if err := b.Post(ctx, p.set, p.body, nil); err != nil {
				return found, b.Tried(err)
			}
		}
		found = append(found, p.Drift)
	}
	return found, nil
}

// hooked returns where updates go, and which.
func (b *Bot) hooked(ctx context.Context, hook string) ([]part, error) {
	var has struct {
		URL     string   `json:"url"`
		Allowed []string `json:"allowed_updates"`
	}
	if err := b.Post(ctx, "/getWebhookInfo", struct{}{}, &has); err != nil {
		return nil, err
	}
	at := part{Drift: messengers.Drift{Part: "webhook", Has: has.URL, Wants: hook}, set: "/setWebhook", body: b.webhook()}
	if hook == "" {
		at.set, at.body = "/deleteWebhook", map[string]bool{"drop_pending_updates": false}
		return []part{at}, nil
	}
	slices.Sort(has.Allowed)
	events := part{
		Drift: messengers.Drift{Part: "events", Has: strings.Join(has.Allowed, ", "), Wants: strings.Join(slices.Sorted(slices.Values(allowed())), ", ")},
		set:   at.set, body: at.body,
	}
	return []part{at, events}, nil
}

// webhook returns what setWebhook is told.
func (b *Bot) webhook() map[string]any {
	return map[string]any{
		"url": b.hook, "secret_token": b.secret.Reveal(), "allowed_updates": allowed(), "max_connections": 40,
	}
}

// command is one of the list that Telegram shows.
type command struct {
	Command string `json:"command"`
	Help    string `json:"description"`
}

// told returns what the bot's page and its commands say in a language; the first one
// is that of everybody whose own is not there.
func (b *Bot) told(ctx context.Context, f messengers.Profile, language string, first bool) ([]part, error) {
	code := ""
	if base, _, _ := strings.Cut(language, "-"); !first {
		code = base
	}
	in := map[string]any{"language_code": code}
	var long struct {
		Text string `json:"description"`
	}
	var short struct {
		Text string `json:"short_description"`
	}
	var list []command
	for method, into := range map[string]any{"/getMyDescription": &long, "/getMyShortDescription": &short, "/getMyCommands": &list} {
		if err := b.Post(ctx, method, in, into); err != nil {
			return nil, err
		}
	}
	greeting := messengers.Short(f.Greeting[language], longDescription)
	about := messengers.Short(f.Name+": "+f.Greeting[language], shortDescription)
	commands := commandsOf(f, language)
	return []part{
		{messengers.Drift{Part: "greeting", Language: language, Has: long.Text, Wants: greeting}, "/setMyDescription", map[string]any{"language_code": code, "description": greeting}},
		{messengers.Drift{Part: "profile", Language: language, Has: short.Text, Wants: about}, "/setMyShortDescription", map[string]any{"language_code": code, "short_description": about}},
		{messengers.Drift{Part: "commands", Language: language, Has: listed(list), Wants: listed(commands)}, "/setMyCommands", map[string]any{"language_code": code, "commands": commands}},
	}, nil
}

// commandsOf are MENU and the words that can be asked, each once.
func commandsOf(f messengers.Profile, language string) []command {
	all := []command{}
	add := func(w messengers.Word) {
		c := command{slug(w), messengers.Short(w.Label, commandHelp)}
		known := func(other command) bool { return other.Command == c.Command }
		if c.Command != "" && c.Help != "" && !slices.ContainsFunc(all, known) {
			all = append(all, c)
		}
	}
	if menu := f.Command[language]; menu != "" {
		add(messengers.Word{Label: menu, Send: "c:menu"})
	}
	for _, w := range f.Words[language] {
		add(w)
	}
	return all
}

// slug writes a word as Telegram writes commands: in small Latin letters, digits
// and underscores. What can't be written so is called by its payload, which
// payload reads.
func slug(w messengers.Word) string {
	folded := strings.ReplaceAll(textform.Fold(w.Label), " ", "_")
	if isSlug(folded) && strings.Trim(folded, "0123456789_") != "" && payload("/"+folded) == "" {
		return folded
	}
	of, id, found := strings.Cut(w.Send, ":")
	id = strings.ReplaceAll(id, "-", "_")
	if named := of + "__" + id; found && isSlug(named) {
		return named
	}
	return ""
}

func isSlug(s string) bool {
	return s != "" && len(s) <= commandLetters && tokenWord(s) && !strings.Contains(s, "-") && strings.ToLower(s) == s
}

// payload returns what a command sends that is called by it: /k__last_night is
// k:last-night. It is empty for all others.
func payload(text string) string {
	of, id, found := strings.Cut(strings.TrimPrefix(text, "/"), "__")
	if !found || !strings.HasPrefix(text, "/") || of != "k" && of != "c" || !isSlug(id) {
		return ""
	}
	return of + ":" + strings.ReplaceAll(id, "_", "-")
}

// listed are commands as people read them.
func listed(all []command) string {
	lines := make([]string, len(all))
	for i, c := range all {
		lines[i] = "/" + c.Command + " " + c.Help
	}
	return strings.Join(lines, ", ")
}

// button returns what stands beside the field in which readers write: the commands,
// unless somebody has put an app of theirs there.
func (b *Bot) button(ctx context.Context) (part, error) {
	var has struct {
		Type string `json:"type"`
	}
	err := b.Post(ctx, "/getChatMenuButton", struct{}{}, &has)
	const commands = "commands"
	wants := commands
	if has.Type == "web_app" {
		wants = has.Type
	}
	return part{
		Drift: messengers.Drift{Part: "menu", Has: cmp.Or(has.Type, "default"), Wants: wants},
		set:   "/setChatMenuButton", body: map[string]any{"menu_button": map[string]string{"type": commands}},
	}, err
}
