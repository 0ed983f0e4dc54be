module gateway/testbed/cluster/pause

go 1.26
