{{/*
The operator follows a changed number of workers and nothing else. So the cluster is named after everything else in it:
a changed image makes a new cluster, which the Service of this chart then finds, and the old one goes.
*/}}
{{- define "dask-cluster.name" -}}
dask-{{ dict "image" .Values.image "pod" .Values.pod "worker" .Values.worker "scheduler" .Values.scheduler "chart" .Values.chartDigest | toJson | sha256sum | trunc 8 }}
{{- end }}

{{- define "dask-cluster.labels" -}}
app.kubernetes.io/name: dask
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* The beginning of a pod's spec: what is there before its containers. */}}
{{- define "dask-cluster.pod" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pod.initContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pod.volumes }}
volumes:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What both containers have. */}}
{{- define "dask-cluster.container" -}}
{{- with .Values.pod.volumeMounts }}
volumeMounts:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pod.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
