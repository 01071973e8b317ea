package channel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// asOf is when prices, and what stands where at a platform, were looked up last.
const asOf = "2026-11"

// hookPlace returns where a platform delivers to a kind, in the docs.
func hookPlace(k messengers.Kind) string {
	return "https://your.server" + k.Path("<publisher>", "<channel>")
}

// Page returns a kind's page of the docs, in Markdown: how an account comes about, its
// settings, and what it carries. notes are what only this kind has to say.
func Page(k messengers.Kind, notes string) (string, error) {
	var b strings.Builder
	title, help := k.In("en")
	fmt.Fprintf(&b, "# %s\n\n%s\n\nThe kind is called `%s`.\n", title, help, k.Name)
	guided(&b, k)
	for _, part := range []struct {
		title string
		of    any
	}{{"Settings", k.New()}, {"Settings of the app", appOf(k)}} {
		if part.of == nil {
			continue
		}
		table, err := settings.Markdown(part.of)
		if err != nil {
			return "", fmt.Errorf("kind %s: %w", k.Name, err)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s", part.title, table)
	}
	if k.Preview != nil {
		fmt.Fprintf(&b, "\n## What it carries\n\n%s", carried(k.Preview().Limits()))
	}
	if notes = strings.TrimSpace(strings.ReplaceAll(notes, "{hook}", hookPlace(k))); notes != "" {
		b.WriteString("\n" + notes + "\n")
	}
	return b.String(), nil
}

// appOf returns the settings of the app that may carry a kind; nil where none can.
func appOf(k messengers.Kind) any {
	if k.App == nil {
		return nil
	}
	return k.App.New()
}

func guided(b *strings.Builder, k messengers.Kind) {
	g, place := k.Guide(), "`"+hookPlace(k)+"`"
	fmt.Fprintf(b, "\nPrices, approvals and the names of dashboards as of %s.\n", asOf)
	for _, line := range [][2]string{{"Cost", g.Cost}, {"Approval", g.Approval}, {"Live", g.Live}} {
		if line[1] != "" {
			fmt.Fprintf(b, "\n**%s.** %s\n", line[0], line[1])
		}
	}
	if len(g.Steps) > 0 {
		b.WriteString("\n## Set it up\n\n")
		for i, step := range g.Steps {
			fmt.Fprintf(b, "%d. %s\n", i+1, strings.ReplaceAll(step, "{hook}", place))
		}
	}
	if len(g.Events) > 0 {
		fmt.Fprintf(b, "\nEvents to subscribe to: `%s`.\n", strings.Join(g.Events, "`, `"))
	}
	b.WriteString("\n`keypull channel check` says whether account and webhook are good, `keypull channel setup` puts right what the\nplatform can be told by an interface.\n")
	if g.Test != "" {
		fmt.Fprintf(b, "\n**See that it works.** %s\n", strings.ReplaceAll(g.Test, "{hook}", place))
	}
}

// carried returns what a kind carries, as a table.
func carried(l messengers.Limits) string {
	var b strings.Builder
	b.WriteString("| | |\n|---|---|\n")
	line := func(name, value string) { fmt.Fprintf(&b, "| %s | %s |\n", name, value) }
	unit := map[messengers.Unit]string{
		messengers.Runes: "characters", messengers.UTF16: "UTF-16 units", messengers.Bytes: "bytes", messengers.Segment: "SMS segments",
	}[l.Unit]
	line("Text of a message", grouped(l.Text)+" "+unit)
	line("Messages for a reply", strconv.Itoa(max(l.Messages, 1)))
	if l.Buttons > 0 {
		line("Buttons", fmt.Sprintf("%d, labels of %d characters", l.Buttons, l.LabelRunes))
	} else if l.Rows == 0 {
		line("Buttons", "none: they become numbered or worded lines")
	}
	if l.Rows > 0 {
		line("List to choose from", fmt.Sprintf("%d entries of %d characters", l.Rows, l.RowRunes))
	}
	for _, t := range []what.MediaType{what.Image, what.Sound, what.Video, what.Document} {
		if most, ok := l.Media[t]; ok {
			line(strings.ToUpper(string(t[:1]))+string(t[1:]), size(most))
		}
	}
	if len(l.Media) == 0 {
		line("Media", "as links")
	}
	if l.Caption > 0 {
		line("Text beside a picture", grouped(l.Caption)+" "+unit)
	}
	if l.InBand > 0 {
		line("Answer in the response", "within "+l.InBand.String())
	}
	if l.Window > 0 {
		line("Answers after the reader's last message", fmt.Sprintf("for %d hours", int(l.Window/time.Hour)))
	}
	if l.Rate > 0 {
		line("Messages a second", strconv.FormatFloat(l.Rate, 'g', -1, 64))
	}
	return b.String()
}

// size returns the most bytes of a medium.
func size(most int64) string {
	const mega = 1 << 20
	switch {
	case most == 0:
		return "of any size"
	case most%mega == 0:
		return fmt.Sprintf("up to %d MiB", most/mega)
	}
	return "up to " + grouped(int(most)) + " bytes"
}

// grouped writes a number with commas.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Index returns the page that lists all kinds.
func Index(kinds []messengers.Kind) string {
	var b strings.Builder
	b.WriteString("# Messengers\n\nWhere readers can write to a publisher. All channels answer by the same keywords; each is shown what it can carry.\n" +
		"`keypull channel kinds` prints the same. Prices as of " + asOf + ".\n\n| Messenger | Kind | Cost | Until it is live |\n|---|---|---|---|\n")
	for _, k := range kinds {
		title, _ := k.In("en")
		fmt.Fprintf(&b, "| [%s](%s.md) | `%s` | %s | %s |\n", title, k.Name, k.Name, k.Guide().Cost, k.Guide().Live)
	}
	b.WriteString("\nWhat is not in this list, and what to use in its place: [elsewhere](elsewhere.md).\n")
	return b.String()
}

// Strange are files of a folder of pages that are neither the index nor about a
// kind.
func Strange(kinds []messengers.Kind, files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(name string) bool {
		base := strings.TrimSuffix(strings.TrimSuffix(name, ".md"), ".notes")
		return base == "README" || base == "elsewhere" || slices.ContainsFunc(kinds, func(k messengers.Kind) bool { return k.Name == base })
	})
}
