{{- define "seldon-serving.selector" -}}
app.kubernetes.io/name: seldon-router
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "seldon-serving.labels" -}}
{{ include "seldon-serving.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
