package pages_test

import (
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console/pages"
)

// specs are fields of every type.
func specs() []settings.Field {
	return []settings.Field{
		{Name: "title", Label: "Title", Help: "Stands above the chat.", Type: settings.Text, Required: true, Check: "max=80", Example: "Ask Lecker"},
		{Name: "url", Label: "Address", Help: "Where the feed is.", Type: settings.URL, Required: true, Example: "https://example.org/feed.xml"},
		{Name: "body", Label: "Text", Help: "What readers are told; an empty line parts paragraphs.", Type: settings.Text, Check: "max=8000"},
		{Name: "items", Label: "Items", Help: "How many of the newest items are kept to answer from.", Type: settings.Number, Check: "min=1,max=2000", Example: "20"},
		{Name: "max_age", Label: "Fresh for", Help: "As long as an answer may be given without asking again.", Type: settings.Duration, Example: "60s"},
		{Name: "urls", Label: "Pages", Help: "The addresses of the recipes’ pages.", Type: settings.Lines, Example: "https://example.org/tiramisu, https://example.org/crumble"},
		{Name: "stamp", Label: "Show the time of the answer", Help: "Adds “as of 14:02” to every reply.", Type: settings.Toggle},
		{Name: "format", Label: "Format", Type: settings.Choice, Choices: []string{"json", "csv"}, ChoiceLabels: map[string]string{"json": "JSON", "csv": "CSV"}, Required: true, Default: "json"},
		{Name: "theme", Label: "Theme", Help: "Colours of the chat.", Type: settings.Choice, Choices: []string{"auto", "light", "dark", "sepia", "contrast"}},
		{Name: "token", Label: "Bot token", Help: "As @BotFather gave it: digits, a colon, letters.", Type: settings.Hidden, Secret: true, Required: true},
		{Name: "other", Label: "Geheimnis der Verschlüsselungsschnittstelle", Type: settings.Hidden, Secret: true, Example: "123456:AAEx…"},
		{Name: "from", Label: "Not before", Help: "In your time zone.", Type: settings.Time},
		{Name: "headers", Label: "Headers", Help: "Sent with every request.", Type: settings.Pairs},
		{Name: "phrases", Label: "Phrases", Help: "The words that call it; the first of each language is its name.", Type: settings.Lists, Required: true, Check: "required,keys=language"},
		{Name: "label", Label: "Label", Help: "What stands before it.", Type: settings.Localised},
		{Name: "symbols", Label: "Symbols", Help: "What may be asked for.", Type: settings.Rows, Fields: []settings.Field{
			{Name: "symbol", Label: "Symbol", Help: "As the address wants it.", Type: settings.Text, Required: true, Check: "required,max=64"},
			{Name: "name", Label: "Name", Help: "As readers know it.", Type: settings.Text},
			{Name: "aliases", Label: "Aliases", Type: settings.Lines},
			{Name: "labels", Label: "Labels", Type: settings.Localised, More: true},
		}},
		{Name: "hours", Label: "Opening hours", Help: "When it answers.", Type: settings.Section, Fields: []settings.Field{
			{Name: "zone", Label: "Time zone", Type: settings.Text, Example: "Europe/Paris"},
			{Name: "holidays", Label: "Closed on holidays", Type: settings.Toggle},
		}},
		{Name: "template", Label: "Template", Help: "Liquid text of the reply.", Type: settings.Localised, More: true, Is: settings.Script},
		{Name: "room", Label: "Room", Help: "How much may be kept.", Type: settings.Size, Example: "64MiB"},
		{Name: "deadline", Label: "Deadline", Help: "How long a reader waits at most.", Type: settings.Duration, More: true},
		{Name: "table", Label: "Rows", Help: "A row for each answer.", Type: settings.Text, Check: "max=200000", Is: settings.Grid},
		{Name: "any", Label: "Anything", Type: settings.Raw},
	}
}

func posted() map[string][]string {
	return map[string][]string{
		"settings.title": {"Ask Lecker"}, "settings.url": {"https://example.org/feed.xml"}, "settings.body": {"\nWe are open from 9 to 17.\n\nSee you!"},
		"settings.items": {"20"}, "settings.stamp": {"on"}, "settings.stamp.present": {"on"}, "settings.format": {"csv"}, "settings.token": {settings.Mask},
		"settings.from": {"2026-12-01T06:00"}, "settings.headers[0].key": {"Accept"}, "settings.headers[0].value": {"application/json"}, "settings.headers[4].key": {"X-Edition"}, "settings.headers[4].value": {"de"},
		"settings.phrases.en": {"news\nheadlines"}, "settings.phrases.fr": {"actus"}, "settings.phrases.pt-BR": {"notícias"}, "settings.label.all": {"Price"}, "settings.table": {"name,price\n\"lamp, blue\",19.90\nchair,cheap"},
		"settings.symbols[0].symbol": {"WIPRO"}, "settings.symbols[0].name": {"Wipro Limited"}, "settings.symbols[0].aliases": {"wipro ltd"}, "settings.symbols[1].symbol": {""}, "settings.symbols[1].name": {lengthy},
		"settings.template.all": {"{{ item.title }}\n{{ item.link }}"}, "settings.urls": {"https://example.org/tiramisu\nhttps://example.org/" + lengthy},
	}
}

// form returns every type of field, filled or, with problems, badly filled.
func form(language string, wrong bool) map[string]any {
	in := pages.Inputs{Fields: specs(), Prefix: "settings", Values: posted(), Languages: []string{"en", "fr", "de"}, Language: language}
	if wrong {
		for _, path := range []string{"title", "url", "body", "items", "max_age", "urls[1]", "stamp", "format", "theme", "token", "from", "headers.Accept", "phrases.fr[0]", "label", "symbols", "symbols[1]", "symbols[1].symbol", "hours.zone", "template.en", "deadline"} {
			in.Problems = append(in.Problems, settings.NewProblem(path, "required"))
		}
		in.Problems = append(in.Problems, settings.Wrong("table", words.Verbatim("row 3, price: cheap is not a number")))
		in.Add = "settings.symbols"
	}
	return map[string]any{
		"Fields": in.List(),
		"Ticks": pages.Ticks{Name: "reply", Label: "The reply shows", Help: "Tick what readers see, and put it in order.", Items: []pages.Tick{
			{Value: "title", Label: "Title", Hint: "Council votes for night trains", On: true}, {Value: "summary", Label: "Summary", On: true}, {Value: "image", Label: "Image"}, {Value: "link", Label: "Link", Hint: "https://example.org/" + lengthy, On: true},
		}},
	}
}
