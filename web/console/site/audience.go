package site

import (
	"maps"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console/pages"
)

// audienceInWords says by what an audience is told.
func (r *request) audienceInWords(names []string) string {
	var said []string
	for _, name := range names {
		if slices.Contains(catalogue.AudienceNames(), name) {
			said = append(said, r.t("audience.by_"+name))
		}
	}
	return strings.Join(said, ", ")
}

// audienceFacts says of the keywords that share a phrase for whom each is, and why it was the
// one or the other. Where the reader was told for whom it is, they lead to what those get.
func (r askPages) audienceFacts(variants []journal.Variant) (facts []pages.Fact) {
	for _, v := range variants {
		key := "audience." + v.Stand
		if len(v.By) == 0 {
			key = "audience.all"
		}
		facts = append(facts, pages.Fact{Label: r.t("audience.label"), Value: r.t(key, "keyword", r.nameOf(catalogue.ResourceKeyword, v.Keyword),
			"by", r.audienceInWords(v.By), "lacks", r.audienceInWords([]string{v.Lacks}))})
	}
	query := maps.Clone(r.URL.Query())
	if said := query.Get("q"); len(variants) > 0 && variants[0].Stand != "open" && said != "" && !strings.HasPrefix(said, "#") && !query.Has("as") {
		query.Set("as", variants[0].Keyword)
		facts = append(facts, pages.Fact{Label: r.t("audience.label"), Value: r.t("audience.show"), Href: r.pathTo("ask") + "?" + query.Encode()})
	}
	return facts
}

// audienceFindings says for whom a preview is, where that is not everybody.
func (r previewPart) audienceFindings(variants []journal.Variant) []pages.Finding {
	if len(variants) == 0 || len(variants[0].By) == 0 {
		return nil
	}
	return []pages.Finding{{Level: "info", Text: r.t("audience.preview", "by", r.audienceInWords(variants[0].By))}}
}
