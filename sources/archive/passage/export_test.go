package passage

// Empty says that the question has no word to look for.
func (q Question) Empty() bool { return len(q.terms) == 0 }

// ForgetTexts has the words of every text be found anew.
func ForgetTexts() { known.forget() }
