"""What a cluster has, allows and lacks, before anything is changed."""
