package site

import (
	"slices"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// drillPage pretends that a source is down.
type drillPage struct{ *request }

// drillBody is what the page shows.
type drillBody struct {
	Head pages.Header
	// Note says why there is nothing to show.
	Note     string
	Keywords []drilledKeyword
	// More is how many keywords are left out.
	More int
	Back string
}

// drilledKeyword is what readers of a keyword would be told.
type drilledKeyword struct {
	Name, Href, Text string
	// Moments are what each moment is called, Rows what is told then on each channel.
	Moments []drilledMoment
	Rows    []drilledRow
}

// drilledMoment says how it stands after a time.
type drilledMoment struct {
	After string
	Badge pages.Badge
	// Age is of when what is told is; "" where nothing is.
	Age string
}

// drilledRow is what some channels tell alike.
type drilledRow struct {
	Channels string
	Texts    []drilledText
}

// drilledText is what is told at a moment.
type drilledText struct{ After, Text string }

func (r drillPage) showDrill() error {
	id := r.thingID()
	drilled, err := console.DrillSource.Call(r.callContext(), console.SourceGet{Of: r.publisherInput(), ID: id})
	if err != nil {
		return err
	}
	name := r.nameOf(catalogue.ResourceSource, id)
	body := drillBody{Head: pages.Header{Title: r.t("drill.title", "name", name), Lead: r.t("drill.lead")}, More: drilled.More, Back: r.pageOf(sourceSection, id)}
	switch {
	case !drilled.Upstream:
		body.Note = r.t("drill.none_upstream")
	case len(drilled.Keywords) == 0:
		body.Note = r.t("drill.none_keyword")
	}
	for _, k := range drilled.Keywords {
		body.Keywords = append(body.Keywords, r.drilledKeyword(k))
	}
	crumbs := append(r.crumbsTo(sourceSection), pages.Crumb{Label: name, Href: body.Back}, pages.Crumb{Label: r.t("drill.do")})
	return r.showPage("page_drill", pages.Page{Title: body.Head.Title, Body: body, Crumbs: crumbs})
}

func (r drillPage) drilledKeyword(k console.KeywordDrilled) drilledKeyword {
	d := drilledKeyword{Name: r.nameOf(catalogue.ResourceKeyword, k.ID), Href: r.pageOf(keywordSection, k.ID), Text: k.Text}
	texts := map[string][]drilledText{}
	var channels []string
	for _, m := range k.Moments {
		moment := drilledMoment{After: r.spanAfter(time.Duration(m.Seconds) * time.Second), Badge: pages.Badge{State: "bad", Text: r.t("drill.nothing")}}
		if m.Told {
			moment.Badge = pages.Badge{State: "warning", Text: r.t("drill.old")}
			if !m.AsOf.IsZero() {
				moment.Age = r.t("drill.as_of", "when", r.momentText(m.AsOf))
			}
		}
		d.Moments = append(d.Moments, moment)
		for _, p := range m.Previews {
			channel := r.channelOfPreview(p)
			if !slices.Contains(channels, channel) {
				channels = append(channels, channel)
			}
			texts[channel] = append(texts[channel], drilledText{moment.After + ": " + moment.Badge.Text, textOfPreview(p)})
		}
	}
	for _, channel := range channels {
		i := slices.IndexFunc(d.Rows, func(row drilledRow) bool { return slices.Equal(row.Texts, texts[channel]) })
		if i < 0 {
			d.Rows = append(d.Rows, drilledRow{Channels: channel, Texts: texts[channel]})
			continue
		}
		d.Rows[i].Channels += ", " + channel
	}
	return d
}

// channelOfPreview names the channel that a preview is of.
func (r *request) channelOfPreview(p console.Preview) string {
	if p.Channel != "" && p.Channel != p.Kind {
		return r.previewTitle(p) + " (" + p.Channel + ")"
	}
	return r.previewTitle(p)
}

// textOfPreview returns the messages of a channel as readers see them.
func textOfPreview(p console.Preview) string {
	var all []string
	for _, m := range p.Messages {
		all = append(all, bubbleOf(m, "").Text)
	}
	return strings.Join(all, "\n\n")
}

// spanAfter says that a time has passed.
func (r drillPage) spanAfter(d time.Duration) string {
	return r.t(map[time.Duration]string{time.Minute: "drill.minute", time.Hour: "drill.hour"}[d] + map[bool]string{true: "drill.day"}[d > time.Hour])
}
