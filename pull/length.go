package pull

import (
	"slices"
	"strings"

	"keypull/pull/who"
)

// Bounds of what readers are told who want short or long answers: how long a text and how
// many facts a short one has, in characters and lines, and a long one, in bytes.
const (
	shortRunes = 160
	shortFacts = 3
	longBytes  = 6000
)

// atLength returns an answer as its reader wants answers to be. Of a list nothing is left
// out, since the reader chose how much of it to ask for.
func (t telling) atLength(r Reply) Reply {
	if len(t.items) != 1 {
		return r
	}
	switch t.length {
	case who.Short:
		r.Blocks = shortBlocks(r.Blocks)
	case who.Long:
		r.Blocks = t.longBlocks(r.Blocks)
	}
	return r
}

// shortBlocks leaves of blocks what comes first: the title, the beginning of the text, some
// facts, and all that is small.
func shortBlocks(blocks []Block) (short []Block) {
	texts := 0
	for _, b := range blocks {
		switch b.Kind {
		case Paragraph:
			if texts++; texts > 1 {
				continue
			}
			b.Text = beginning(b.Text, shortRunes)
		case Bullets, Steps:
			continue
		case FactLines:
			b.Facts = b.Facts[:min(len(b.Facts), shortFacts)]
		}
		short = append(short, b)
	}
	if len(short) == 0 {
		return blocks
	}
	return short
}

// beginning returns a text up to the end of a sentence within so many characters, else of a
// word.
func beginning(text string, runes int) string {
	head := clipRunes(text, runes)
	if head == text {
		return text
	}
	if end := strings.LastIndexAny(head, ".!?。！？।؟\n"); end > len(head)/3 {
		return strings.TrimSpace(text[:end+len(firstRune(head[end:]))])
	}
	if end := strings.LastIndexByte(head, ' '); end > 0 {
		head = head[:end]
	}
	return head + dots
}

func firstRune(s string) string { return string([]rune(s)[:1]) }

// longBlocks tells the body of the item, where the answer has none of it or its beginning.
func (t telling) longBlocks(blocks []Block) []Block {
	body := strings.TrimSpace(t.items[0].Body)
	if body == "" {
		return blocks
	}
	if len(body) > longBytes {
		body = strings.ToValidUTF8(body[:cutPlace(body, longBytes)], "") + dots
	}
	blocks = slices.Clone(blocks)
	begins := clipRunes(body, shortRunes/2)
	if at := slices.IndexFunc(blocks, func(b Block) bool { return b.Kind == Paragraph && strings.Contains(b.Text, begins) }); at >= 0 {
		if strings.HasPrefix(body, strings.TrimRight(blocks[at].Text, dots)) {
			blocks[at].Text = body
		}
		return blocks
	}
	at := slices.IndexFunc(blocks, func(b Block) bool { return b.Kind == Link || b.Kind == Stamp || b.Kind == Note })
	if at < 0 {
		at = len(blocks)
	}
	return slices.Insert(blocks, at, Block{Kind: Paragraph, Text: body})
}
