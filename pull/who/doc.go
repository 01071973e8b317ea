// Package who answers the second question of an ask: who asks? It holds the
// reader's document, the rules that change it, and its codec.
//
// It knows nothing of keywords, sources, messengers or storage: keywords are
// ids here, times are handed in.
package who
