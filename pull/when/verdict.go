package when

// String names the verdict as traces show it.
func (v Verdict) String() string {
	switch v {
	case Fresh:
		return "fresh"
	case Revalidate:
		return "revalidate"
	case Stale:
		return "stale"
	default:
		return "gone"
	}
}
