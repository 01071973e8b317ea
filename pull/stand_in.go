package pull

import "keypull/pull/journal"

// answerStandIn answers with the text that stands in for a keyword at the moment; nil where
// none does, or it stands before the answer.
func (w answering) answerStandIn(k *keyword, argument string) *Reply {
	text := k.StandIn.TextAt(w.answerTime(), w.language)
	if text == "" || k.StandIn.Before {
		return nil
	}
	w.trace.Outcome, w.reader.Cursor = journal.Answered, nil
	w.rememberPull(k, argument, nil)
	reply := &Reply{Language: w.language, Blocks: []Block{{Kind: Paragraph, Text: text}}}
	if w.channel.Data {
		reply.Data = &Data{Pieces: []Piece{{ID: k.ID, Summary: text, AsOf: w.answerTime(), Source: w.edition.Name}}}
	}
	return reply
}

// addStandIn puts the text that stands before a keyword's answer above it.
func (w answering) addStandIn(k *keyword, reply *Reply) *Reply {
	if text := k.StandIn.TextAt(w.answerTime(), w.language); k.StandIn.Before && text != "" && (w.trace.Outcome == journal.Answered || w.trace.Outcome == journal.Refused) {
		reply.addHeadline(text)
	}
	return reply
}
