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

// Merged are the words of clusters that one typing error joins.
func Merged(texts []string) []string {
	clusters := make([]Cluster, len(texts))
	for i, text := range texts {
		clusters[i].Wordings = []Named{{Name: text}}
	}
	var all []string
	for _, head := range merged(clusters, 0) {
		all = append(all, head.mainWording())
	}
	return all
}

// OneEdit says whether two texts are one typing error apart.
func OneEdit(a, b string) bool { return oneEdit([]rune(coreKey(a)), []rune(coreKey(b))) }
