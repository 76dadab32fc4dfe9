{{/*
The operator follows a changed number of workers and nothing else. So the cluster is named after everything else in it:
a changed image makes a new cluster, which the Service of this chart then finds, and the old one goes.
*/}}
{{- define "dask-cluster.name" -}}
dask-{{ dict "image" .Values.image "worker" .Values.worker "scheduler" .Values.scheduler "chart" .Values.chartDigest | toJson | sha256sum | trunc 8 }}
{{- end }}

{{- define "dask-cluster.labels" -}}
app.kubernetes.io/name: dask
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
