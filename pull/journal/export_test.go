package journal

// List makes a Demand of what was kept of days and texts.
func (l Listing) List(days map[int]DayDemand, clusters []Cluster) Demand {
	d := l.ListTexts(clusters)
	var sum DayDemand
	for day, of := range days {
		if day >= DemandDay(l.From) {
			sum.AddDay(of)
		}
	}
	d.SetDays(sum, l.Now, len(sum.Keywords))
	return d
}
